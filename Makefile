# SPDX-License-Identifier: GPL-2.0
# Owns the top-level build. The kernel module's own is in Kbuild.
#
#	make [module|userspace] [KDIR=...] [BUILD=dir] [WERROR=1] [V=1]
#	make install [DESTDIR=] [PREFIX=/usr]
#	make units | lint | check | soak | bench | demo | clean

# The one version is in dkms.conf, which has no other place to take it from.
VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)

PREFIX  ?= /usr
LIBDIR  ?= $(PREFIX)/lib/$(shell $(CC) -print-multiarch)
SBINDIR ?= $(PREFIX)/sbin
BUILD   ?= build

# `make V=1` shows commands whole.
say      = $(if $(V),,@printf '  %-7s %s\n' $(1) $@;)

.PHONY: all
all: module userspace

# ---------------------------------------------------------------- the module

running := $(wildcard /lib/modules/$(shell uname -r)/build)
newest  := $(lastword $(shell ls -dv /usr/src/linux-headers-*-$(shell \
	dpkg --print-architecture 2>/dev/null) /lib/modules/*/build 2>/dev/null))
KDIR    ?= $(or $(running),$(newest))

.PHONY: module module-install module-clean kdir
kdir:
	@test -n "$(KDIR)" || { \
		echo "no kernel headers: apt install linux-headers-amd64, or make KDIR=/path" >&2; \
		exit 1; }

module: kdir
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

# A package runs depmod where it is unpacked.
module-install: module
	$(MAKE) -C $(KDIR) M=$(CURDIR) \
		$(if $(DESTDIR),INSTALL_MOD_PATH=$(DESTDIR)) modules_install
	$(if $(DESTDIR),,depmod "$$(sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
		$(KDIR)/include/generated/utsrelease.h)")

module-clean:
	@test -z "$(KDIR)" || $(MAKE) -C $(KDIR) M=$(CURDIR) clean

# ----------------------------------------------------------------- userspace

CC      ?= gcc
AR      ?= ar
pkgs    := libnl-3.0 libnl-genl-3.0
warn    := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	   -Wformat=2 -Wvla $(if $(filter 1,$(WERROR)),-Werror)
harden  := -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	   -fstack-clash-protection -fPIE
CFLAGS  ?= -O2 -g
flags    = -std=gnu11 -D_GNU_SOURCE -DVSB_VERSION='"$(VERSION)"' -MMD -MP \
	   -Iinclude -Iinclude/uapi $(warn) \
	   $(shell pkg-config --cflags $(pkgs) yaml-0.1 jansson libsystemd \
		ncursesw)
ldflags := -Wl,-z,relro,-z,now $(LDFLAGS)

lib_src     := $(wildcard userspace/lib/*.c)
vsbadm_src  := $(wildcard userspace/vsbadm/*.c)
vsbd_src    := $(wildcard userspace/vsbd/*.c userspace/vsbd/*/*.c)

lib_obj     := $(lib_src:%.c=$(BUILD)/%.o)
vsbadm_obj  := $(vsbadm_src:%.c=$(BUILD)/%.o)
vsbd_obj    := $(vsbd_src:%.c=$(BUILD)/%.o)

soname      := libvsb.so.0
lib_libs     = $(shell pkg-config --libs $(pkgs))
vsbadm_libs  = $(lib_libs) $(shell pkg-config --libs jansson ncursesw)
vsbd_libs    = $(lib_libs) $(shell pkg-config --libs yaml-0.1 jansson libsystemd)

.PHONY: userspace
userspace: $(BUILD)/$(soname) $(BUILD)/libvsb.a $(BUILD)/libvsb.pc \
	   $(BUILD)/vsbadm $(BUILD)/vsbd

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(flags) $(harden) $(CFLAGS) -c -o $@ $<

# vsbd's files are in folders, and name each other from above these.
$(vsbd_obj): flags += -Iuserspace/vsbd
$(vsbd_src:%.c=$(BUILD)/san/%.o): flags += -Iuserspace/vsbd

# A library's code may be anywhere.
$(BUILD)/userspace/lib/%.o: harden := $(harden:-fPIE=-fPIC)

$(BUILD)/libvsb.a: $(lib_obj)
	@rm -f $@
	$(call say,AR)$(AR) rcs $@ $^

$(BUILD)/$(soname): $(lib_obj) userspace/lib/libvsb.map
	$(call say,LD)$(CC) -shared -Wl,-soname,$(soname) \
		-Wl,--version-script=userspace/lib/libvsb.map \
		$(ldflags) -o $@ $(lib_obj) $(lib_libs)

# Every time: `make install PREFIX=...` may come behind `make`.
.PHONY: $(BUILD)/libvsb.pc
$(BUILD)/libvsb.pc: userspace/lib/libvsb.pc.in
	@mkdir -p $(@D)
	$(call say,SED)sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|' \
		$< > $@

$(BUILD)/vsbadm: $(vsbadm_obj) $(BUILD)/libvsb.a
	$(call say,LD)$(CC) -pie $(ldflags) -o $@ $^ $(vsbadm_libs)

$(BUILD)/vsbd: $(vsbd_obj) $(BUILD)/libvsb.a
	$(call say,LD)$(CC) -pie $(ldflags) -o $@ $^ $(vsbd_libs)

.PHONY: install install-userspace
install: module-install install-userspace

install-userspace: userspace
	install -d $(DESTDIR)$(SBINDIR) $(DESTDIR)$(LIBDIR)/pkgconfig \
		$(DESTDIR)$(PREFIX)/include/vsb $(DESTDIR)$(PREFIX)/include/linux \
		$(DESTDIR)$(PREFIX)/share/vsb
	install -m 755 $(BUILD)/vsbadm $(BUILD)/vsbd \
		userspace/vsbadm/vsbadm-save userspace/vsbadm/vsbadm-restore \
		$(DESTDIR)$(SBINDIR)
	install -m 644 $(BUILD)/$(soname) $(BUILD)/libvsb.a $(DESTDIR)$(LIBDIR)
	ln -sf $(soname) $(DESTDIR)$(LIBDIR)/libvsb.so
	install -m 644 $(BUILD)/libvsb.pc $(DESTDIR)$(LIBDIR)/pkgconfig
	install -m 644 include/vsb/client.h $(DESTDIR)$(PREFIX)/include/vsb
	install -m 644 include/uapi/linux/vsb.h \
		$(DESTDIR)$(PREFIX)/include/linux
	install -m 644 docs/vsbadm.schema.json $(DESTDIR)$(PREFIX)/share/vsb

install-userspace: install-manuals

man  = $(DESTDIR)$(PREFIX)/share/man
bash = $(DESTDIR)$(PREFIX)/share/bash-completion/completions

.PHONY: install-manuals
install-manuals:
	install -d $(man)/man3 $(man)/man4 $(man)/man8 $(bash)
	install -m 644 userspace/man/*.3 $(man)/man3
	install -m 644 userspace/man/*.4 $(man)/man4
	install -m 644 userspace/man/*.8 $(man)/man8
	echo .so man8/vsbadm.8 >$(man)/man8/vsbadm-save.8
	echo .so man8/vsbadm.8 >$(man)/man8/vsbadm-restore.8
	install -m 644 userspace/completion/* $(bash)
	ln -sf vsbadm $(bash)/vsbadm-save
	ln -sf vsbadm $(bash)/vsbadm-restore

# --------------------------------------------------------------------- tests
#
# tests/selftests/NAME.c is a program that selftests call.

peer_src  := $(wildcard tests/selftests/*.c)
peer_bin  := $(peer_src:%.c=$(BUILD)/%)

.PHONY: selftest-programs
selftest-programs: $(peer_bin)

$(BUILD)/tests/selftests/json: peer_libs = $(shell pkg-config --libs jansson)

$(peer_bin): %: %.o
	$(call say,LD)$(CC) -pie $(ldflags) -o $@ $^ $(peer_libs)

# tests/unit/test_AREA_THING.c is a program of its own. It is linked with all
# of its area but the file with main(), and what it includes (#include "x.c",
# for statics) it must take from the link by unit_without_test_AREA_THING.

san       := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	     -fno-omit-frame-pointer -O1 -g
unit_src  := $(wildcard tests/unit/test_*.c)
unit_bin  := $(unit_src:%.c=$(BUILD)/%)

unit_lib    := $(lib_src:%.c=$(BUILD)/san/%.o)
unit_vsbadm := $(filter-out %/main.o,$(vsbadm_src:%.c=$(BUILD)/san/%.o)) $(unit_lib)
unit_vsbd   := $(filter-out %/main.o,$(vsbd_src:%.c=$(BUILD)/san/%.o)) $(unit_lib)
# It has a libvsb of its own.
unit_without_test_vsbadm_run := $(unit_lib)
unit_without_test_vsbadm_help := $(BUILD)/san/userspace/vsbadm/words.o
unit_without_test_vsbd_options := $(BUILD)/san/userspace/vsbd/options.o
area         = $(word 2,$(subst _, ,$(notdir $*)))

.PHONY: units
units: $(unit_bin)
	@failed=0; for unit in $(unit_bin); do \
		echo "== $$(basename $$unit)"; $$unit || failed=1; \
	done; exit $$failed

$(BUILD)/san/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)$(CC) $(flags) $(san) -c -o $@ $<

# Objects stay for the next time.
.SECONDARY:
.SECONDEXPANSION:
$(BUILD)/tests/unit/%: $(BUILD)/san/tests/unit/%.o \
		$$(filter-out $$(unit_without_$$*),$$(unit_$$(area)))
	@mkdir -p $(@D)
	$(call say,LD)$(CC) $(san) -o $@ $^ $(vsbd_libs) -lcmocka

$(BUILD)/san/tests/unit/%.o: flags += -Iuserspace -Iuserspace/vsbd

# The module's pure files are tested in userspace, with so much of a kernel as
# they need.
$(BUILD)/san/tests/unit/test_kmod_%.o: flags += -Itests/unit/kmod \
	-Wno-unused-parameter -Wno-sign-compare
$(BUILD)/tests/unit/test_kmod_%: vsbd_libs += -lm

# The screen is vsbadm's alone.
$(BUILD)/tests/unit/test_vsbadm_%: vsbd_libs += $(shell pkg-config --libs ncursesw)

.PHONY: lint check soak bench demo
lint:
	tests/lint
check:
	tests/check
soak:
	tests/soak/run
bench:
	tests/bench/run
demo:
	tests/demo/run

# --------------------------------------------------------------------- clean

.PHONY: clean
clean: module-clean
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/userspace $(BUILD)/san $(BUILD)/tests -name '*.d' -type f \
	2>/dev/null)
