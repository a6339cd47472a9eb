// SPDX-License-Identifier: GPL-2.0
/*
 * ask SECONDS BOUND COMMAND...: in the root partition, run a Linux guest that
 * answers with its clock, and compare that with the root's over SECONDS.
 *
 * A question and its answer are a bracket: the guest's clock was read between
 * the two. Of many, the narrowest at the beginning and at the end say how far
 * the clocks have parted, and how well that is known. A busy host makes brackets
 * wide: then it is asked for longer, as the same width is less of a longer time.
 *
 * More than BOUND parts per million beyond what isn't known is a failure; and so
 * is it if more than half of BOUND isn't known.
 */
#include <err.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define QUESTIONS	40	/* at least */
#define PATIENCE	240	/* seconds behind those that were wanted */

struct bracket {
	uint64_t before, after, guest;
};

static FILE *to_guest, *from_guest;

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ull + ts.tv_nsec;
}

static pid_t start(char **command)
{
	int in[2], out[2];
	pid_t child;

	if (pipe(in) || pipe(out))
		err(1, "pipe");
	child = fork();
	if (child == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		dup2(out[1], 2);
		close(in[1]);
		close(out[0]);
		execvp(*command, command);
		err(127, "%s", *command);
	}
	close(in[0]);
	close(out[1]);
	to_guest = fdopen(in[1], "w");
	from_guest = fdopen(out[0], "r");
	return child;
}

/* Prints what the guest says as comments. Returns: whether @begin came, with the rest in @rest. */
static bool hear(const char *begin, char rest[256])
{
	char line[256];

	while (fgets(line, sizeof(line), from_guest)) {
		line[strcspn(line, "\r\n")] = 0;
		if (!strncmp(line, begin, strlen(begin))) {
			memmove(rest, line + strlen(begin), strlen(line) + 1 - strlen(begin));
			return true;
		}
		printf("# %s\n", line);
	}
	return false;
}

static struct bracket ask(void)
{
	struct bracket one;
	char answer[256];

	one.before = now();
	fputs("?\n", to_guest);
	fflush(to_guest);
	if (!hear("=", answer))
		errx(1, "the guest doesn't answer");
	one.after = now();
	one.guest = strtoull(answer, NULL, 10);
	return one;
}

static struct bracket narrowest(void)
{
	struct bracket best = ask(), one;
	int i;

	for (i = 1; i < QUESTIONS; i++) {
		one = ask();
		if (one.after - one.before < best.after - best.before)
			best = one;
	}
	return best;
}

/* Returns: what isn't known of the rate between the two, in parts per million. */
static double unknown(const struct bracket *first, const struct bracket *last)
{
	double least = last->before - first->after, most = last->after - first->before;

	return (most - least) / (most + least) * 1e6;
}

/* The bracket that tells most; of more than QUESTIONS if @enough isn't reached by then. */
static struct bracket best_since(const struct bracket *first, double enough)
{
	uint64_t end = now() + PATIENCE * 1000000000ull;
	struct bracket best = ask(), one;
	int i;

	for (i = 1; i < QUESTIONS || (unknown(first, &best) > enough && now() < end); i++) {
		one = ask();
		if (unknown(first, &one) < unknown(first, &best))
			best = one;
	}
	return best;
}

/* Returns: whether the clocks agree. */
static bool compare(unsigned int seconds, double bound)
{
	struct bracket first = narrowest(), last;
	double guest, least, most, root;

	sleep(seconds);
	last = best_since(&first, bound / 2);
	guest = last.guest - first.guest;
	least = last.before - first.after;
	most = last.after - first.before;
	root = (least + most) / 2;
	printf("# over %.1f s the clock is %+.0f ppm off, known to %.0f ppm, allowed %.0f ppm\n",
	       root / 1e9, (guest - root) / root * 1e6, unknown(&first, &last), bound);
	if (unknown(&first, &last) > bound / 2) {
		printf("# not known: the guest took %.1f ms and %.1f ms to answer at best\n",
		       (first.after - first.before) / 1e6, (last.after - last.before) / 1e6);
		return false;
	}
	return guest >= least * (1 - bound / 1e6) && guest <= most * (1 + bound / 1e6);
}

int main(int argc, char **argv)
{
	bool agree = false;
	char rest[256];
	pid_t child;
	int status;

	if (argc < 4)
		errx(2, "usage: ask SECONDS BOUND COMMAND...");
	setvbuf(stdout, NULL, _IOLBF, 0);
	child = start(argv + 3);
	if (hear("guest: clock to be asked for", rest)) {
		agree = compare(atoi(argv[1]), atof(argv[2]));
		fputs("end\n", to_guest);
		fflush(to_guest);
	}
	while (hear("\n", rest))
		;
	if (waitpid(child, &status, 0) != child || status)
		errx(1, "the guest ended with status %#x", status);
	return agree ? 0 : 1;
}
