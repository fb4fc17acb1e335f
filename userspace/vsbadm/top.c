// SPDX-License-Identifier: GPL-2.0
/* Owns top: the screen, the keys, and when it is drawn anew. */
#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/timerfd.h>
#include <unistd.h>
#include <wchar.h>

#include <ncurses.h>

#include "top.h"
#include "words.h"

#define INTERVAL	2
#define INTERVAL_MAX	3600

#define WIDTH_MIN	60
#define HEIGHT_MIN	8

/* A column of numbers, and the blank before it. */
#define COLUMN_WIDTH	TOP_NUMBER_MAX
/* Of names so much is seen before columns are, as long as there is room. */
#define NAME_MIN	29

/* Two lines and the titles are above the rows. */
#define ROWS_BEGIN	3

#define KEY_ESCAPE	27
#define ESCAPE_MS	50

static const struct {
	const char *title;
	int key;
} columns[TOP_COLUMNS] = {
	[TOP_NAME] = { "Service", 'n' },
	[TOP_CONNECTIONS] = { "CPS", 'c' },
	[TOP_PACKETS_IN] = { "InPPS", 'p' },
	[TOP_PACKETS_OUT] = { "OutPPS", 'P' },
	[TOP_BYTES_IN] = { "InBPS", 'b' },
	[TOP_BYTES_OUT] = { "OutBPS", 'B' },
	[TOP_ACTIVE] = { "Active", 'a' },
	[TOP_INACTIVE] = { "InAct", 'i' },
	[TOP_WEIGHT] = { "Weight", 'w' },
};

static const char *const help[] = {
	"up, down, PgUp, PgDn, Home, End   move",
	"Enter or space   backends of a service      e   of all",
	"< >   sort by the column before, behind     r   reverse",
	"n c p P b B a i w   sort by name, connections, packets in,",
	"      out, bytes in, out, active, inactive, weight",
	"/   services with a text in name or label, Esc for all",
	"q   quit, any other key goes back",
};

/**
 * struct top - a table on the screen
 * @session: where it comes from
 * @state: what there is
 * @view: what is looked at
 * @rows: what that comes to
 * @at: the row that keys are about
 * @first: the row that is first on the screen
 * @typing: keys go to the filter
 * @helping: the keys are shown
 * @over: it is enough
 * @interval: seconds
 */
struct top {
	struct session session;
	struct state state;
	struct top_view view;
	struct top_rows rows;
	size_t at, first;
	bool typing, helping, over;
	uint32_t interval;
};

/* ---- what is on the screen */

/* Cuts at a width in columns, whatever characters there are. */
static void put_text(int y, int x, int width, const char *text)
{
	mbstate_t state = { 0 };
	size_t len;
	wchar_t c;

	move(y, x);
	for (; *text; text += len) {
		len = mbrtowc(&c, text, strlen(text), &state);
		if (len > strlen(text) || wcwidth(c) < 0) {
			state = (mbstate_t){ 0 };
			len = 1;
			c = L'?';
		}
		width -= wcwidth(c);
		if (width < 0)
			return;
		addnwstr(&c, 1);
	}
}

/* Which columns there is room for, as a mask, and what is left for names. */
static unsigned int layout(int *name_width)
{
	static const enum top_column least[] = {
		TOP_INACTIVE, TOP_WEIGHT, TOP_PACKETS_OUT, TOP_PACKETS_IN,
	};
	unsigned int shown = (1U << TOP_COLUMNS) - 1;
	size_t i;

	*name_width = COLS - (TOP_COLUMNS - 1) * COLUMN_WIDTH;
	for (i = 0; i < ARRAY_SIZE(least) && *name_width < NAME_MIN; i++) {
		shown &= ~(1U << least[i]);
		*name_width += COLUMN_WIDTH;
	}

	return shown & ~(1U << TOP_NAME);
}

static void draw_summary(const struct top *top)
{
	const struct vsb_info *info = &top->session.info;
	char line[256];

	snprintf(line, sizeof(line),
		 "services %u (%zu shown)  backends %u  connections %u  generation %u  every %u s",
		 info->services, top->rows.services, info->backends,
		 info->connections, info->generation, top->interval);
	put_text(0, 0, COLS, line);
}

static void draw_view(const struct top *top)
{
	const struct top_view *view = &top->view;
	char line[256];

	if (top->typing)
		snprintf(line, sizeof(line), "filter: %s_", view->filter);
	else
		snprintf(line, sizeof(line), "sort %s%s%s%s   ? help",
			 columns[view->sort].title,
			 view->reverse ? ", reverse" : "",
			 *view->filter ? "   filter " : "", view->filter);
	put_text(1, 0, COLS, line);
}

static void draw_titles(const struct top *top, unsigned int shown, int x)
{
	enum top_column column;

	attron(A_BOLD);
	put_text(2, 0, x, columns[TOP_NAME].title);
	for (column = 0; column < TOP_COLUMNS; column++) {
		if (!(shown & 1U << column))
			continue;
		if (column == top->view.sort)
			attron(A_UNDERLINE);
		mvprintw(2, x, "%*s", COLUMN_WIDTH, columns[column].title);
		attroff(A_UNDERLINE);
		x += COLUMN_WIDTH;
	}
	attroff(A_BOLD);
}

static void draw_name(int y, int width, const struct top_row *row)
{
	const struct vsb_service *service = row->service;
	char name[SERVICE_MAX], text[SERVICE_MAX + VSB_NAME_MAX + 8];

	if (row->backend)
		snprintf(text, sizeof(text), "    %s%s",
			 format_endpoint(name, service->family,
					 &row->backend->addr,
					 row->backend->port),
			 row->backend->state == VSB_STATE_DRAINING ?
			 " draining" : "");
	else
		snprintf(text, sizeof(text), "%c %s %s",
			 !row->backends ? ' ' : row->expanded ? '-' : '+',
			 format_service(name, service),
			 service->label ? service->label : "");
	put_text(y, 0, width, text);
}

static const char *value_text(char *buf, const struct top_row *row,
			      enum top_column column)
{
	if (column == TOP_WEIGHT && !row->backend)
		return "";
	if (column < TOP_ACTIVE && !row->counted)
		return "-";

	return top_number(buf, row->values[column]);
}

static void draw_row(int y, const struct top_row *row, unsigned int shown,
		     int x)
{
	char number[TOP_NUMBER_MAX];
	enum top_column column;

	draw_name(y, x, row);
	for (column = 0; column < TOP_COLUMNS; column++) {
		if (!(shown & 1U << column))
			continue;
		mvprintw(y, x, "%*s", COLUMN_WIDTH,
			 value_text(number, row, column));
		x += COLUMN_WIDTH;
	}
}

static size_t page(void)
{
	return LINES > ROWS_BEGIN ? LINES - ROWS_BEGIN : 1;
}

static void draw_rows(struct top *top)
{
	int name_width, y = ROWS_BEGIN;
	unsigned int shown = layout(&name_width);
	size_t i;

	/* The row that keys are about is always there. */
	if (top->first > top->at)
		top->first = top->at;
	if (top->first + page() <= top->at)
		top->first = top->at - page() + 1;

	draw_titles(top, shown, name_width);
	for (i = top->first; i < top->rows.n && y < LINES; i++, y++) {
		draw_row(y, &top->rows.rows[i], shown, name_width);
		if (i == top->at)
			mvchgat(y, 0, -1, A_REVERSE, 0, NULL);
	}
	move(ROWS_BEGIN + top->at - top->first, 0);
}

static void draw_help(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(help); i++)
		put_text(i, 0, COLS, help[i]);
}

static bool too_small(void)
{
	return COLS < WIDTH_MIN || LINES < HEIGHT_MIN;
}

static void draw(struct top *top)
{
	erase();
	if (too_small()) {
		put_text(0, 0, COLS, "too small");
	} else if (top->helping) {
		draw_help();
	} else {
		draw_summary(top);
		draw_view(top);
		draw_rows(top);
	}
	refresh();
}

/* ---- what is looked at */

/*
 * Rows are made anew, of @fresh where that is not NULL. The row that keys are
 * about stays where it is among the others, but for the first one: who is
 * there looks at whatever is first.
 */
static int remake(struct top *top, struct state *fresh)
{
	struct top_place place;
	bool follow = top->at > 0 && top->at < top->rows.n;

	if (follow)
		top_place_of(&top->rows.rows[top->at], &place);
	top_rows_free(&top->rows);
	if (fresh) {
		state_free(&top->state);
		top->state = *fresh;
	}
	if (top_rows_make(&top->state, &top->view, &top->rows))
		return complain(EXIT_REFUSED, "top: out of memory");
	top->at = follow ? top_rows_find(&top->rows, &place, top->at) : 0;

	return 0;
}

static int reload(struct top *top)
{
	struct state fresh = { .pools = NULL };
	int status;

	status = state_load_loosely(&top->session, &fresh);
	if (status) {
		state_free(&fresh);
		return status;
	}

	return remake(top, &fresh);
}

static int sort_by(struct top *top, enum top_column column)
{
	top->view.sort = column % TOP_COLUMNS;

	return remake(top, NULL);
}

static int toggle(struct top *top)
{
	if (!top->rows.n)
		return 0;
	if (top_toggle(&top->view, top->rows.rows[top->at].service))
		return complain(EXIT_REFUSED, "top: out of memory");

	return remake(top, NULL);
}

static int toggle_all(struct top *top)
{
	top_toggle_all(&top->view);

	return remake(top, NULL);
}

static int reverse(struct top *top)
{
	top->view.reverse = !top->view.reverse;

	return remake(top, NULL);
}

static void go(struct top *top, long rows)
{
	long last = (long)top->rows.n - 1, at = (long)top->at + rows;

	at = at > last ? last : at;
	top->at = at < 0 ? 0 : at;
}

/* ---- keys */

static int type_key(struct top *top, int key)
{
	char *filter = top->view.filter;
	size_t len = strlen(filter);

	switch (key) {
	case KEY_ESCAPE:
		*filter = '\0';
		/* fallthrough */
	case '\n': case '\r': case KEY_ENTER:
		top->typing = false;
		break;
	case KEY_BACKSPACE: case '\b': case 0x7f:
		if (len)
			filter[len - 1] = '\0';
		break;
	default:
		if (key >= ' ' && key < 0x7f && len < TOP_FILTER_MAX - 1) {
			filter[len] = key;
			filter[len + 1] = '\0';
		}
	}

	return remake(top, NULL);
}

static int column_key(struct top *top, int key)
{
	enum top_column column;

	for (column = 0; column < TOP_COLUMNS; column++)
		if (columns[column].key == key)
			return sort_by(top, column);

	return 0;
}

static void move_key(struct top *top, int key)
{
	switch (key) {
	case KEY_UP:
		go(top, -1);
		break;
	case KEY_DOWN:
		go(top, 1);
		break;
	case KEY_PPAGE:
		go(top, -(long)page());
		break;
	case KEY_NPAGE:
		go(top, page());
		break;
	case KEY_HOME:
		go(top, -(long)top->rows.n);
		break;
	case KEY_END:
		go(top, top->rows.n);
		break;
	}
}

static int table_key(struct top *top, int key)
{
	switch (key) {
	case '<':
		return sort_by(top, top->view.sort + TOP_COLUMNS - 1);
	case '>':
		return sort_by(top, top->view.sort + 1);
	case 'r':
		return reverse(top);
	case '\n': case '\r': case KEY_ENTER: case ' ':
		return toggle(top);
	case 'e':
		return toggle_all(top);
	case KEY_ESCAPE:
		return type_key(top, key);
	case '/':
		top->typing = true;
		return 0;
	case '?':
		top->helping = true;
		return 0;
	default:
		move_key(top, key);
		return column_key(top, key);
	}
}

static int take_key(struct top *top, int key)
{
	if (top->typing)
		return type_key(top, key);
	if (key == 'q') {
		top->over = true;
		return 0;
	}
	if (!top->helping)
		return table_key(top, key);
	if (key != KEY_RESIZE)
		top->helping = false;

	return 0;
}

/* ---- what happens */

static int take_keys(struct top *top)
{
	int key, status = 0;

	while (!status && !top->over && (key = getch()) != ERR)
		status = take_key(top, key);

	return status;
}

static void take_signal(struct top *top, int signals)
{
	struct winsize size;

	if (signals_take(signals) != SIGWINCH)
		top->over = true;
	else if (!ioctl(STDOUT_FILENO, TIOCGWINSZ, &size))
		resizeterm(size.ws_row, size.ws_col);
}

static int take_tick(struct top *top, int timer)
{
	uint64_t ticks;

	return read(timer, &ticks, sizeof(ticks)) == sizeof(ticks) ?
		reload(top) : 0;
}

static int run(struct top *top, int signals, int timer)
{
	struct pollfd fds[] = {
		{ .fd = signals, .events = POLLIN },
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = timer, .events = POLLIN },
	};
	int status = 0;

	while (!status && !top->over) {
		draw(top);
		if (poll(fds, ARRAY_SIZE(fds), -1) < 0) {
			if (errno == EINTR)
				continue;
			return complain(EXIT_REFUSED, "poll: %s",
					strerror(errno));
		}
		if (fds[0].revents)
			take_signal(top, signals);
		if (fds[1].revents & ~POLLIN)
			return complain(EXIT_REFUSED,
					"top: the terminal is gone");
		if (fds[1].revents)
			status = take_keys(top);
		if (!status && fds[2].revents)
			status = take_tick(top, timer);
	}

	return status;
}

/* Between these two the terminal is the table's. */
static int screen_begin(SCREEN **screen)
{
	const char *term = getenv("TERM");

	setlocale(LC_CTYPE, "");
	*screen = newterm(NULL, stdout, stdin);
	if (!*screen)
		return complain(EXIT_REFUSED,
				"top: the terminal's type \"%s\" is not known",
				term ? term : "");
	cbreak();
	noecho();
	nodelay(stdscr, TRUE);
	keypad(stdscr, TRUE);
	set_escdelay(ESCAPE_MS);

	return 0;
}

static void screen_end(SCREEN *screen)
{
	if (!screen)
		return;
	endwin();
	delscreen(screen);
}

static int run_on_screen(struct top *top, int signals, int timer)
{
	SCREEN *screen;
	int status;

	status = screen_begin(&screen);
	if (!status && too_small())
		status = complain(EXIT_REFUSED,
				  "top: the terminal has %d columns and %d lines, %d and %d are needed",
				  COLS, LINES, WIDTH_MIN, HEIGHT_MIN);
	if (!status)
		status = run(top, signals, timer);
	screen_end(screen);

	return status;
}

static int open_timer(uint32_t seconds)
{
	const struct itimerspec every = {
		.it_value.tv_sec = seconds, .it_interval.tv_sec = seconds,
	};
	int timer;

	timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (timer >= 0)
		timerfd_settime(timer, 0, &every, NULL);

	return timer;
}

static int run_with_files(struct top *top)
{
	static const int awaited[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH,
	};
	int signals = signals_open(awaited, ARRAY_SIZE(awaited));
	int timer = open_timer(top->interval);
	int status;

	if (signals < 0 || timer < 0)
		status = complain(EXIT_REFUSED, "top: %s", strerror(errno));
	else
		status = run_on_screen(top, signals, timer);
	close(signals);
	close(timer);

	return status;
}

static int parse_interval(struct top *top, struct words *words)
{
	const char *word = words_take(words), *value;

	if (!word)
		return 0;
	if (strcmp(word, "interval"))
		return bad("\"%s\": not expected here", word);
	value = words_take(words);
	if (!value)
		return bad("interval: needs 1 to %d, in seconds",
			   INTERVAL_MAX);

	return parse_at_least("interval", value, 1, INTERVAL_MAX,
			      &top->interval) ?: words_end(words);
}

static int check_terminal(void)
{
	if (!isatty(STDOUT_FILENO))
		return complain(EXIT_REFUSED,
				"top: standard output is not a terminal");
	if (!isatty(STDIN_FILENO))
		return complain(EXIT_REFUSED,
				"top: standard input is not a terminal");

	return 0;
}

/**
 * top() - show what goes on until a key or a signal ends it
 * @options: of the command line
 * @n: how many words
 * @words: "interval" and seconds, or none
 *
 * Return: 0 or an exit code, after complaining.
 */
int top(const struct options *options, int n, char **words)
{
	struct top top = {
		.view.sort = TOP_CONNECTIONS, .interval = INTERVAL,
	};
	struct words left = { .next = words, .left = n };
	int status;

	status = parse_interval(&top, &left) ?: check_terminal();
	if (status)
		return status;

	status = session_open(&top.session, options) ?: reload(&top);
	if (!status)
		status = run_with_files(&top);
	top_rows_free(&top.rows);
	free(top.view.toggled);
	state_free(&top.state);
	session_close(&top.session);

	return status;
}
