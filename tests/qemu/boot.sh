# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# Owns the running guest: QEMU, its devices, what the kernel is told, and the folder with its logs.

. "$(dirname "${BASH_SOURCE[0]}")/payload.sh"

# logs KERNEL: sets $logs to a folder for the logs of one run: the caller's, $VSB_LOGS, or one that nobody else uses.
logs() {
	local try=1 lock
	logs=${VSB_LOGS-}
	while [ -z "$logs" ]; do
		logs=$out/logs/$1.$try
		mkdir -p "$out/logs"
		exec {lock}>"$logs.lock"
		flock --nonblock "$lock" || logs=
		try=$((try + 1))
	done
	rm -rf "$logs"
	mkdir -p "$logs"
}

# emulate: boot's emulator, with boot's variables.
emulate() {
	timeout --foreground --kill-after=5 "$seconds" "$here/inside" "$emulator" "$(dirname "$guest_root")=$(dirname "$guest_root")" \
		"$kernel=$kernel" "$logs=$logs" -- qemu-system-x86_64 -nodefaults -no-user-config -display none -net none -no-reboot \
		-machine q35 "${processors[@]}" -m "${VSB_MEMORY:-2G}" \
		-kernel "$kernel/vmlinux" -initrd "$logs/initrd" -append "${options[*]}" "${disks[@]}" \
		-serial "file:$logs/console.log" -device virtio-serial-pci \
		-chardev file,id=out,path=/dev/fd/1,append=on -device virtserialport,chardev=out,name=out \
		-chardev "file,id=status,path=$logs/status" -device virtserialport,chardev=status,name=status "${devices[@]}"
}

# run_free: a guest as fast as it goes, with more processors than one.
run_free() {
	# -cx16: QEMU's emulation of cmpxchg16b is not atomic enough for two processors.
	processors=(-accel "tcg,thread=multi" -cpu "max,-cx16" -smp "${VSB_SMP:-2}")
	options+=("tsc_early_khz=$(cat "$logs/tsc_khz")")
	if [ "$name" = debug ]; then
		options+=(kasan_multi_shot kmemleak=on)
	else
		options+=(kfence.sample_interval=100)
	fi
}

# run_counted SEED: a guest whose clock counts instructions, one a nanosecond; nothing in it depends on how fast this machine is,
# and chance comes from SEED.
run_counted() {
	processors=(-accel "tcg,thread=single" -icount "shift=0,sleep=off" -seed "$1" -rtc "base=2026-01-01,clock=vm" -cpu max -smp 1)
	options+=(tsc_early_khz=1000000 nokaslr norandmaps kfence.sample_interval=0)
	job=prompt_softirqs$'\n'$job
}

# boot KERNEL JOB SECONDS [OPTION]...: runs a guest that does JOB (shell, for guest/init) and prints what comes out of its port
# "out"; a guest that lives longer than SECONDS is killed. The payload is in $logs, where this leaves console.log and, if the
# guest came to its end, status. With $VSB_COUNTED, a seed, instructions are counted.
boot() {
	local name=$1 job=$2 seconds=$3 disks=() options=() processors=() disk
	shift 3
	local devices=("$@")
	emulator
	options+=(console=ttyS0 ignore_loglevel log_buf_len=4M panic=-1 oops=panic random.trust_cpu=on)
	# Emulated processors are slow, and now and then stand still; that is no fault of the kernel's.
	options+=(mitigations=off tsc=reliable)
	options+=(rcupdate.rcu_cpu_stall_timeout=120 watchdog_thresh=60 workqueue.watchdog_thresh=120
		sysctl.kernel.hung_task_timeout_secs=240)
	# Caches of their own, so that what is left in one can be counted.
	options+=(slab_nomerge)
	if [ -n "${VSB_COUNTED-}" ]; then
		run_counted "$VSB_COUNTED"
	else
		run_free
	fi
	printf '%s\n' "$job" >"$logs/job"
	truncate --size=%4096 "$logs/job"
	for disk in "$guest_root" "$kernel/modules.erofs" "$logs/payload.erofs" "$logs/job"; do
		disks+=(-drive "if=virtio,format=raw,readonly=on,file=$disk")
	done
	emulate && return
	local status=$?
	# An emulator that crashes before there is a first process says nothing about what is tested.
	if [ $status -gt 128 ] && [ $status -ne 137 ] && ! grep -qs 'Run /init' "$logs/console.log"; then
		echo "${name}: the emulator died of signal $((status - 128)) while the kernel booted; boots once more" >&2
		emulate
	else
		return $status
	fi
}

# ended: whether the guest came to its end; else shows how it died, or what it said last.
ended() {
	[ -s "$logs/status" ] && return
	echo "the guest did not come to its end; its last words were:"
	awk '/BUG: |kernel BUG|Oops|general protection|Kernel panic/ { found = 1 } found && n++ < 60 { print } { last[NR % 60] = $0 }
		END { for (i = NR + 1; !found && i <= NR + 60; i++) if (i % 60 in last) print last[i % 60] }' "$logs/console.log"
	return 1
}
