// SPDX-License-Identifier: GPL-2.0
/* What happens to a PC from outside. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include "machine.h"
#include "pc.h"
#include "status.h"

enum { TIMER, KICK, INPUT, EVENTS };

static struct pc *pc;
static pthread_mutex_t *lock;
static bool input = true;		/* there may be more */
static struct termios terminal;

static void restore_terminal(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
}

static void key_by_key(void)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &terminal))
		return;
	raw = terminal;
	raw.c_lflag &= ~(ICANON | ECHO);
	raw.c_iflag &= ~ICRNL;
	atexit(restore_terminal);
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/* At most as much as the serial port has room for. */
static void take_input(void)
{
	uint8_t bytes[SERIAL_FIFO];
	ssize_t count, i;

	count = read(STDIN_FILENO, bytes, serial_room(&pc->serial));
	if (count <= 0 && errno != EINTR)
		input = false;
	for (i = 0; i < count; i++)
		serial_input(&pc->serial, bytes[i]);
}

static void *run_loop(void *argument)
{
	struct pollfd events[EVENTS] = {
		[TIMER] = { pc->timer, POLLIN, 0 }, [KICK] = { pc->kick, POLLIN, 0 },
		[INPUT] = { STDIN_FILENO, POLLIN, 0 },
	};
	bool room = true;
	uint64_t count;

	for (;;) {
		/* A full FIFO is looked at again soon: the guest tells nobody when it reads. */
		events[INPUT].fd = input && room ? STDIN_FILENO : -1;
		if (poll(events, EVENTS, room ? -1 : 10) < 0 && errno != EINTR)
			err(STATUS_FAILED, "poll");
		pthread_mutex_lock(lock);
		if (events[TIMER].revents && read(pc->timer, &count, 8) == 8)
			pc_tick(pc);
		if (events[KICK].revents && read(pc->kick, &count, 8) == 8)
			disk_serve(&pc->disk);
		if (events[INPUT].revents)
			take_input();
		room = serial_room(&pc->serial);
		pthread_mutex_unlock(lock);
	}
}

void loop_start(struct pc *of, pthread_mutex_t *machine_lock)
{
	pthread_t thread;

	pc = of;
	lock = machine_lock;
	key_by_key();
	errno = pthread_create(&thread, NULL, run_loop, NULL);
	if (errno)
		err(STATUS_FAILED, "a thread for the devices");
}
