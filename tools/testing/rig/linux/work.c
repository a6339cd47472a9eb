// SPDX-License-Identifier: GPL-2.0
/* What a Linux guest can be asked to do: "clock", "load SECONDS" or "timers SECONDS". */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>

#include "load.h"

uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

/* Answers each line with the clock, until one that says "end". */
static int answer(void)
{
	struct termios quiet;
	char line[32];

	if (!tcgetattr(0, &quiet)) {
		quiet.c_lflag &= ~ECHO;
		tcsetattr(0, TCSANOW, &quiet);
	}
	puts("guest: clock to be asked for");
	while (fgets(line, sizeof(line), stdin) && strncmp(line, "end", 3)) {
		printf("=%llu\n", (unsigned long long)now());
		fflush(stdout);
	}
	return 0;
}

int main(int argc, char **argv)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc == 2 && !strcmp(argv[1], "clock"))
		return answer();
	if (argc == 3 && !strcmp(argv[1], "load"))
		return load(atoi(argv[2]));
	if (argc == 3 && !strcmp(argv[1], "timers")) {
		timers(atoi(argv[2]));
		return 0;
	}
	return 2;
}
