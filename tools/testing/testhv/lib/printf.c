// SPDX-License-Identifier: GPL-2.0
/* The few conversions of printf that the log needs. */
#include "lib.h"

struct out {
	char *buf;
	size_t size, len;
};

static void put(struct out *o, char c)
{
	if (o->len + 1 < o->size)
		o->buf[o->len] = c;
	o->len++;
}

struct spec {
	unsigned int width;
	char pad;
	bool wide;
};

static void put_number(struct out *o, u64 v, unsigned int base, const struct spec *spec)
{
	char digits[24];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[v % base];
		v /= base;
	} while (v);
	for (unsigned int i = n; i < spec->width; i++)
		put(o, spec->pad);
	while (n)
		put(o, digits[--n]);
}

static void put_string(struct out *o, const char *s, const struct spec *spec)
{
	size_t n = strlen(s ? s : (s = "(null)"));

	for (; *s; s++)
		put(o, *s);
	for (; n < spec->width; n++)
		put(o, ' ');
}

static const char *parse_spec(const char *f, struct spec *spec)
{
	*spec = (struct spec){ .pad = ' ' };
	if (*f == '0') {
		spec->pad = '0';
		f++;
	}
	for (; *f >= '0' && *f <= '9'; f++)
		spec->width = spec->width * 10 + *f - '0';
	for (; *f == 'l' || *f == 'z'; f++)
		spec->wide = true;
	return f;
}

static u64 next_unsigned(va_list *args, const struct spec *spec)
{
	return spec->wide ? va_arg(*args, unsigned long) : va_arg(*args, unsigned int);
}

int vsnprintf(char *buf, size_t size, const char *fmt, va_list fmt_args)
{
	struct out o = { buf, size, 0 };
	struct spec spec;
	va_list args;

	va_copy(args, fmt_args);
	for (const char *f = fmt; *f; f++) {
		if (*f != '%') {
			put(&o, *f);
			continue;
		}
		f = parse_spec(f + 1, &spec);
		switch (*f) {
		case 's':
			put_string(&o, va_arg(args, const char *), &spec);
			break;
		case 'c':
			put(&o, (char)va_arg(args, int));
			break;
		case 'd': {
			s64 v = spec.wide ? va_arg(args, long) : va_arg(args, int);

			if (v < 0)
				put(&o, '-');
			put_number(&o, v < 0 ? -(u64)v : (u64)v, 10, &spec);
			break;
		}
		case 'u':
			put_number(&o, next_unsigned(&args, &spec), 10, &spec);
			break;
		case 'x':
			put_number(&o, next_unsigned(&args, &spec), 16, &spec);
			break;
		case 'p':
			put_number(&o, va_arg(args, u64), 16, &spec);
			break;
		case '\0':
			f--;
			break;
		default:
			put(&o, *f);
		}
	}
	va_end(args);
	if (size)
		buf[MIN(o.len, size - 1)] = '\0';
	return (int)o.len;
}

int snprintf(char *buf, size_t size, const char *fmt, ...)
{
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(buf, size, fmt, args);
	va_end(args);
	return n;
}
