# pccm: X12 enrolment in, care and money out.  `make help` lists the targets.
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= gcc
ifeq ($(origin CC),default)
CC      := gcc
endif
VERSION := 0.1.0
MAKEFLAGS += --jobs=$(shell nproc)
# V=1 prints the commands
V ?= 0
QUIET := $(if $(filter 0,$(V)),@)
SAY   := @$(if $(filter 0,$(V)),printf '  %s %s\n',true)

# ---- what Debian has for us (docs/dependencies.md says why each) ----
PACKAGES_BUILD := gcc libc6-dev pkg-config libxml2-dev zlib1g-dev libssl-dev libsqlite3-dev libpq-dev libcsv-dev libcairo2-dev fonts-dejavu-core
# ISA-L unpacks gzip three times as fast as zlib on the processors that it is made for; ISAL= builds without
ISAL ?= $(if $(filter x86_64 aarch64,$(shell uname -m)),yes)
PACKAGES_BUILD += $(if $(ISAL),libisal-dev)
PACKAGES_TEST  := libcunit1-dev sqlite3 postgresql-15 poppler-utils libxml2-utils jq
PACKAGES_FUZZ  := clang libclang-rt-14-dev

# ---- flags: every warning that is clean with gcc 12 and clang 14 ----
WARN := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wcast-qual -Wcast-align -Wpointer-arith \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wredundant-decls -Wnested-externs \
	-Wundef -Wvla -Wwrite-strings -Wformat=2 -Wnull-dereference -Wdouble-promotion -Wfloat-equal \
	-Wimplicit-fallthrough -Wswitch-enum -Wdate-time -Wframe-larger-than=8192 -Werror
ifneq (,$(findstring clang,$(CC)))
else
WARN += -Wlogical-op -Wduplicated-cond -Wduplicated-branches -Wjump-misses-init -Wformat-signedness
endif
OPT      ?= -O2 -g
SANITIZE ?=
HARDEN   ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
ifneq (,$(SANITIZE))
HARDEN   := -fPIE -fno-omit-frame-pointer -fno-sanitize-recover=all
# the sanitizers put room around each local
WARN     := $(filter-out -Wframe-larger-than=%,$(WARN))
endif
CFLAGS   := -std=c17 -D_GNU_SOURCE $(WARN) $(OPT) $(HARDEN) $(SANITIZE) -fno-common
CPPFLAGS := -I. -I$(BUILD) -isystem /usr/include/libxml2 -isystem /usr/include/cairo -isystem /usr/include/postgresql -DPCCM_VERSION='"$(VERSION)"' \
	-DPCCM_DATADIR='"$(PREFIX)/share/pccm"' $(if $(ISAL),-DPCCM_ISAL=1)
LDFLAGS  := -pie -Wl,-z,relro,-z,now $(SANITIZE)
LIBS     := -pthread -lz -lsqlite3 -lcsv $(if $(ISAL),-lisal)

# ---- layers, lowest first; who may see whom is in tests/layers.txt ----
LAYERS := base records guides parsers generators rules store exchange
SOURCES = $(foreach layer,$(LAYERS) cli,$(wildcard $(layer)/*.c))
# guides/compiler_main.c is the build's own tool; it links guides without the shipped tables and what asks them
TOOL_SOURCES := guides/compiler_main.c
SHIPPED_SOURCES := guides/lookup.c guides/print.c guides/codesets.c guides/pattern.c $(wildcard guides/partner*.c)
LAYER_SOURCES = $(filter-out $(TOOL_SOURCES),$(wildcard $(1)/*.c))
LAYER_OBJECTS = $(patsubst %.c,$(BUILD)/%.o,$(call LAYER_SOURCES,$(1)))
GUIDE_FILES := $(sort $(wildcard guides/*.xml)) $(sort $(wildcard guides/codes/*.csv))
GENERATED := $(BUILD)/guides/shipped.c
ARCHIVES := $(foreach layer,$(LAYERS),$(BUILD)/lib$(layer).a)
# for the linker: highest first
LINK_ORDER := $(foreach layer,exchange store rules generators parsers guides records base,$(BUILD)/lib$(layer).a)
UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(wildcard tests/unit/test_*.c))

.PHONY: all demo test check install uninstall clean help packages packages-test packages-fuzz unit golden sanitize fuzz bench scale tidy update-golden samples kill faults mutants
.DELETE_ON_ERROR:
.SECONDARY:

all: packages $(BUILD)/pccm ## build: set up what is missing, then compile build/pccm

# ---- packages: asked of Debian only when something is missing ----
packages:
	@sh tests/packages.sh $(PACKAGES_BUILD)
packages-test: packages
	@sh tests/packages.sh $(PACKAGES_TEST)
packages-fuzz: packages
	@sh tests/packages.sh $(PACKAGES_FUZZ)

# ---- compiling ----
$(BUILD)/%.o: %.c | packages
	@mkdir -p $(dir $@)
	$(SAY) CC $<
	$(QUIET)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/guides/shipped.o: $(BUILD)/guides/shipped.c
	$(SAY) CC $<
	$(QUIET)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/guides/shipped.c: $(BUILD)/guide-compiler $(GUIDE_FILES)
	$(SAY) GUIDES $@
	$(QUIET)$(BUILD)/guide-compiler $@ $(GUIDE_FILES)
$(BUILD)/guide-compiler: $(patsubst %.c,$(BUILD)/%.o,$(TOOL_SOURCES)) $(filter-out $(patsubst %.c,$(BUILD)/%.o,$(SHIPPED_SOURCES)),$(call LAYER_OBJECTS,guides)) $(BUILD)/librecords.a $(BUILD)/libbase.a
	$(SAY) LINK $@
	$(QUIET)$(CC) $(LDFLAGS) -o $@ $^

# ---- files that are compiled in: rules/program.rng becomes rules_program_rng[] and rules_program_rng_size ----
EMBEDDED_NAME = $(subst .,_,$(subst /,_,$<))
$(BUILD)/%.rng.c: %.rng
	@mkdir -p $(dir $@)
	$(SAY) EMBED $<
	$(QUIET){ echo '#include <stddef.h>'; \
	  echo 'extern const unsigned char $(EMBEDDED_NAME)[]; extern const size_t $(EMBEDDED_NAME)_size;'; \
	  echo 'const unsigned char $(EMBEDDED_NAME)[] = {'; \
	  od -An -v -tu1 $< | sed 's/\([0-9]\{1,\}\)/\1,/g'; \
	  echo '};'; echo 'const size_t $(EMBEDDED_NAME)_size = sizeof($(EMBEDDED_NAME));'; } > $@
$(BUILD)/%.rng.o: $(BUILD)/%.rng.c | packages
	$(QUIET)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

define archive
$(BUILD)/lib$(1).a: $(call LAYER_OBJECTS,$(1)) $(if $(filter guides,$(1)),$(BUILD)/guides/shipped.o) $(patsubst %,$(BUILD)/%.o,$(wildcard $(1)/program.rng $(1)/partner.rng))
	@rm -f $$@
	$$(QUIET)ar rcs $$@ $$^
endef
$(foreach layer,$(LAYERS),$(eval $(call archive,$(layer))))

$(BUILD)/pccm: $(call LAYER_OBJECTS,cli) $(LINK_ORDER)
	$(SAY) LINK $@
	$(QUIET)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)

# ---- unit tests: one program a file; the first line of each names the layer it may link ----
$(BUILD)/tests/unit/test_%: $(BUILD)/tests/unit/test_%.o $(BUILD)/tests/unit/unit.o $(BUILD)/tests/unit/x12_support.o $(BUILD)/tests/unit/rows.o $(BUILD)/tests/unit/stores.o $(LINK_ORDER)
	$(SAY) LINK $@
	$(QUIET)$(CC) $(LDFLAGS) -o $@ $^ -lcunit -lxml2 $(LIBS)
$(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/*.c)): | packages-test

# ---- what the fault tests hold pccm with ----
FAULT_TOOLS := $(BUILD)/tests/faults/nomalloc.so $(BUILD)/tests/faults/peak
$(BUILD)/tests/faults/nomalloc.so: tests/faults/nomalloc.c | packages
	@mkdir -p $(dir $@)
	$(SAY) CC $<
	$(QUIET)$(CC) -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -O2 -fno-builtin -fPIC -shared -o $@ $<
$(BUILD)/tests/faults/peak: tests/faults/peak.c | packages
	@mkdir -p $(dir $@)
	$(SAY) CC $<
	$(QUIET)$(CC) -std=c17 -D_GNU_SOURCE $(WARN) -O2 -o $@ $<

# ---- mutants of accepted files, and an oracle that judges them apart from parsers/ ----
MUTATION := $(BUILD)/tests/mutation/mutation
$(MUTATION): $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/mutation/*.c)) $(BUILD)/tests/unit/x12_support.o $(LINK_ORDER)
	$(SAY) LINK $@
	$(QUIET)$(CC) $(LDFLAGS) -o $@ $^ $(LIBS)
MUTANTS ?= 100000
mutants: $(MUTATION) ## MUTANTS (100000) files broken in one place each: found where they are broken, or allowed
	@MUTANTS=$(MUTANTS) sh tests/check_mutation.sh $(BUILD)

unit: packages-test $(UNIT_TESTS) ## unit tests (CUnit)
	@sh tests/run.sh unit $(BUILD)

test: packages-test $(BUILD)/pccm $(UNIT_TESTS) $(FAULT_TOOLS) $(MUTATION) ## every test, short forms of the long ones; ends with "N passed, N failed"
	@sh tests/run.sh all $(BUILD)
check: test

SEEDS ?= 1 2 3 4 5
histories: packages-test $(BUILD)/pccm ## 2,000 families over 24 months for each of SEEDS, held against an oracle
	@sh tests/check_oracle.sh $(BUILD) 2000 24 $(SEEDS)

KILLS ?= 500
kill: packages-test $(BUILD)/pccm ## kill -9 at KILLS moments (500), on SQLite and on PostgreSQL, run on, compare with an undisturbed run
	@sh tests/faults/kill.sh $(BUILD) $(KILLS)
	@PCCM_TEST_STORE=postgres sh tests/postgres.sh sh tests/faults/kill.sh $(BUILD) $(KILLS)

faults: packages-test $(BUILD)/pccm $(FAULT_TOOLS) ## the fault tests in their long form: every allocation, many sizes of disk
	@FAULTS=long sh tests/check_faults.sh $(BUILD)
	@HOSTILE=long sh tests/check_hostile.sh $(BUILD)

demo: all ## run the main job on samples/, month by month
	@sh samples/demo.sh $(BUILD)

samples: $(BUILD)/pccm ## write samples/ again from its seed
	$(BUILD)/pccm sample --out samples

tidy: ## layers, lengths, banned words
	@sh tests/tidy.sh

sanitize: packages-test ## the unit and golden tests under ASan and UBSan, in build-asan
	$(MAKE) BUILD=build-asan SANITIZE="-fsanitize=address,undefined" OPT="-O1 -g" packages build-asan/pccm $(patsubst $(BUILD)/%,build-asan/%,$(UNIT_TESTS))
	@sh tests/run.sh sanitize build-asan

FUZZ_SECONDS ?= 600
fuzz: packages-fuzz ## libFuzzer on each harness of tests/fuzz, FUZZ_SECONDS long (600)
	@sh tests/fuzz.sh $(FUZZ_SECONDS)

scale: $(BUILD)/pccm $(FAULT_TOOLS) ## 1,000,000 members: memory and time of loading them
	@MEMBERS=1000000 sh tests/check_scale.sh $(BUILD)

# ---- what the bench measures with ----
BENCH_TOOLS := $(BUILD)/tests/bench/limits $(BUILD)/tests/bench/engine $(BUILD)/tests/bench/turns
$(BUILD)/tests/bench/%: tests/bench/%.c $(LINK_ORDER)
	@mkdir -p $(dir $@)
	$(SAY) CC $<
	$(QUIET)$(CC) $(CPPFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $< $(LINK_ORDER) $(LIBS)

bench: $(BUILD)/pccm $(BENCH_TOOLS) ## ratios to what this machine can do, measured in the same run
	@sh tests/bench.sh $(BUILD)

update-golden: $(BUILD)/pccm ## rewrite the expectations of tests/golden and tests/report after a change was looked at
	@sh tests/golden.sh $(BUILD) --update
	@sh tests/check_report.sh $(BUILD) --update | grep -v '^ok' || true

install: $(BUILD)/pccm ## install to DESTDIR and PREFIX
	sh tests/install.sh $(BUILD) "$(DESTDIR)" "$(PREFIX)"
uninstall: ## take an installation away again
	sh tests/install.sh --remove "$(DESTDIR)" "$(PREFIX)"

clean: ## remove everything that was built
	rm -rf build build-asan build-fuzz build-clang

help: ## this list
	@echo "pccm $(VERSION): make targets"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 18

-include $(patsubst %.c,$(BUILD)/%.d,$(SOURCES) $(wildcard tests/unit/*.c) $(wildcard tests/mutation/*.c)) $(BUILD)/guides/shipped.d
