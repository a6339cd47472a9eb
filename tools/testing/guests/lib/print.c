// SPDX-License-Identifier: GPL-2.0
/* Text to the debug port. */
#include <stdint.h>

#include "print.h"

#define LINE	256

struct output {
	char *at, *end;
};

static void put(struct output *output, char c)
{
	if (output->at < output->end)
		*output->at++ = c;
}

static void put_number(struct output *output, uint64_t number, unsigned int base,
		       unsigned int width, char fill)
{
	char digits[24];
	unsigned int count = 0;

	do {
		digits[count++] = "0123456789abcdef"[number % base];
		number /= base;
	} while (number);
	for (; width > count; width--)
		put(output, fill);
	while (count)
		put(output, digits[--count]);
}

static void put_signed(struct output *output, int64_t number, unsigned int width, char fill)
{
	if (number < 0) {
		put(output, '-');
		number = -number;
	}
	put_number(output, number, 10, width, fill);
}

static void put_text(struct output *output, const char *text)
{
	while (*text)
		put(output, *text++);
}

/* What stands behind a %; @text is behind that. */
struct conversion {
	unsigned int width;
	char fill, type;
	int is_long;
};

static const char *parse(const char *text, struct conversion *conversion)
{
	*conversion = (struct conversion){ .fill = *text == '0' ? '0' : ' ' };
	while (*text >= '0' && *text <= '9')
		conversion->width = 10 * conversion->width + *text++ - '0';
	while (*text == 'l') {
		conversion->is_long = 1;
		text++;
	}
	conversion->type = *text;
	return text + 1;
}

static uint64_t take(va_list *arguments, const struct conversion *conversion)
{
	if (conversion->is_long)
		return va_arg(*arguments, uint64_t);
	if (conversion->type == 'd')
		return (int64_t)va_arg(*arguments, int);
	return va_arg(*arguments, uint32_t);
}

void format(char *to, size_t size, const char *text, va_list arguments)
{
	struct output output = { to, to + size - 1 };
	struct conversion conversion;
	va_list list;

	va_copy(list, arguments);
	while (*text) {
		if (*text != '%') {
			put(&output, *text++);
			continue;
		}
		text = parse(text + 1, &conversion);
		switch (conversion.type) {
		case 's':
			put_text(&output, va_arg(list, const char *));
			break;
		case 'd':
			put_signed(&output, take(&list, &conversion), conversion.width,
				   conversion.fill);
			break;
		case 'u':
		case 'x':
			put_number(&output, take(&list, &conversion),
				   conversion.type == 'x' ? 16 : 10, conversion.width,
				   conversion.fill);
			break;
		default:
			put(&output, conversion.type);
		}
	}
	*output.at = 0;
	va_end(list);
}

void print(const char *text, ...)
{
	char line[LINE];
	const char *at = line;
	va_list arguments;
	size_t count = 0;

	va_start(arguments, text);
	format(line, sizeof(line), text, arguments);
	va_end(arguments);
	while (line[count])
		count++;
	asm volatile("rep outsb" : "+S"(at), "+c"(count) : "d"((uint16_t)DEBUG_PORT) : "memory");
}
