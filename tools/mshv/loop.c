// SPDX-License-Identifier: GPL-2.0
/* What happens to a PC from outside. */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <termios.h>
#include <unistd.h>

#include "loop.h"
#include "status.h"

enum { QUIT, TIMER, KICK, INPUT, EVENTS };

static struct termios terminal;
static bool is_terminal;

static void key_by_key(void)
{
	struct termios raw;

	is_terminal = !tcgetattr(STDIN_FILENO, &terminal);
	if (!is_terminal)
		return;
	raw = terminal;
	raw.c_lflag &= ~(ICANON | ECHO);
	raw.c_iflag &= ~ICRNL;
	tcsetattr(STDIN_FILENO, TCSANOW, &raw);
}

/* At most as much as the serial port has room for. */
static void take_input(struct loop *loop)
{
	uint8_t bytes[SERIAL_FIFO];
	ssize_t count, i;

	count = read(STDIN_FILENO, bytes, serial_room(&loop->pc->serial));
	if (count <= 0 && errno != EINTR)
		loop->input = false;
	for (i = 0; i < count; i++)
		serial_input(&loop->pc->serial, bytes[i]);
}

static void *run_loop(void *argument)
{
	struct loop *loop = argument;
	struct pollfd events[EVENTS] = {
		[QUIT] = { loop->quit, POLLIN, 0 }, [TIMER] = { loop->pc->timer, POLLIN, 0 },
		[KICK] = { loop->pc->kick, POLLIN, 0 }, [INPUT] = { STDIN_FILENO, POLLIN, 0 },
	};
	bool room = true;
	uint64_t count;

	for (;;) {
		/* A full FIFO is looked at again soon: the guest tells nobody when it reads. */
		events[INPUT].fd = loop->input && room ? STDIN_FILENO : -1;
		if (poll(events, EVENTS, room ? -1 : 10) < 0 && errno != EINTR)
			err(STATUS_FAILED, "poll");
		if (events[QUIT].revents)
			return NULL;
		pthread_mutex_lock(loop->lock);
		if (events[TIMER].revents && read(loop->pc->timer, &count, 8) == 8)
			pc_tick(loop->pc);
		if (events[KICK].revents && read(loop->pc->kick, &count, 8) == 8)
			disk_serve(&loop->pc->disk);
		if (events[INPUT].revents)
			take_input(loop);
		room = serial_room(&loop->pc->serial);
		pthread_mutex_unlock(loop->lock);
	}
}

void loop_start(struct loop *loop, struct pc *pc, pthread_mutex_t *lock)
{
	sigset_t all, before;

	*loop = (struct loop){
		.pc = pc, .lock = lock, .quit = eventfd(0, EFD_CLOEXEC), .input = true,
	};
	key_by_key();
	/* Signals are for the other threads. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	errno = pthread_create(&loop->thread, NULL, run_loop, loop);
	if (loop->quit < 0 || errno)
		err(STATUS_FAILED, "a thread for the devices");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

void loop_stop(struct loop *loop)
{
	eventfd_write(loop->quit, 1);
	pthread_join(loop->thread, NULL);
	close(loop->quit);
	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal);
}
