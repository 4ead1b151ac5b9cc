package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"tacit/ui/cmd/internal/drive"
)

const (
	settling  = 5 * time.Second // after a start, before idleness is judged
	idleSpan  = 20 * time.Second
	clockTick = 100 // USER_HZ, fixed on Linux (proc(5))
)

// idle measures the headless program with nothing to do.
func idle(ctx context.Context, b *bench) error {
	for _, contacts := range []int{1, 200} {
		name := fmt.Sprintf("idle%d", contacts)
		if err := b.populate(ctx, name, contacts); err != nil {
			return err
		}
		p, err := b.start(name)
		if err != nil {
			return err
		}
		resident, cpu, err := watchHeadless(ctx, p)
		p.Kill()
		if err != nil {
			return err
		}
		print(fmt.Sprintf("headless_resident_idle_%d_contacts", contacts), resident, "MiB")
		print(fmt.Sprintf("headless_cpu_idle_%d_contacts", contacts), cpu, "% of a core")
	}
	return nil
}

func watchHeadless(ctx context.Context, p *drive.Process) (resident, cpu float64, err error) {
	if err := p.Call(ctx, "profile.get", struct{}{}, nil); err != nil {
		return 0, 0, err
	}
	return watch(ctx, p.Process().Pid)
}

// watch lets a process settle and returns its resident MiB and its CPU share after.
func watch(ctx context.Context, pid int) (resident, cpu float64, err error) {
	if err := pause(ctx, settling); err != nil {
		return 0, 0, err
	}
	before, err := ticks(pid)
	if err != nil {
		return 0, 0, err
	}
	if err := pause(ctx, idleSpan); err != nil {
		return 0, 0, err
	}
	after, err := ticks(pid)
	if err != nil {
		return 0, 0, err
	}
	resident, err = status(pid, "VmRSS")
	return resident, 100 * float64(after-before) / clockTick / idleSpan.Seconds(), err
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// status reads a size from /proc, in MiB.
func status(pid int, field string) (float64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(b)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			kib, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kib / 1024, err
		}
	}
	return 0, errors.New("no " + field)
}

// ticks reads the CPU time of a process, user and system together.
func ticks(pid int) (int64, error) {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(b), ") ") // the name before may hold anything
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, errors.New("process accounting is not readable")
	}
	const user, system = 11, 12 // fields 14 and 15 of proc(5), from 1, after the first two
	u, err := strconv.ParseInt(fields[user], 10, 64)
	if err != nil {
		return 0, err
	}
	s, err := strconv.ParseInt(fields[system], 10, 64)
	return u + s, err
}
