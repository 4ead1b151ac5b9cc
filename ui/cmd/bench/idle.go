package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tacit/ui/cmd/internal/drive"
)

const (
	settling = 5 * time.Second // after a start, before idleness is judged
	idleSpan = 20 * time.Second
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
	before, err := onCPU(pid)
	if err != nil {
		return 0, 0, err
	}
	if err := pause(ctx, idleSpan); err != nil {
		return 0, 0, err
	}
	after, err := onCPU(pid)
	if err != nil {
		return 0, 0, err
	}
	resident, err = status(pid, "VmRSS")
	return resident, 100 * (after - before).Seconds() / idleSpan.Seconds(), err
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

// onCPU reads how long the threads of a process have run, to the nanosecond: the clock
// ticks of /proc/PID/stat miss what runs for less than one of them.
func onCPU(pid int) (total time.Duration, err error) {
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/schedstat", pid))
	if err != nil || len(threads) == 0 {
		return 0, errors.New("process accounting is not readable")
	}
	for _, path := range threads {
		b, err := os.ReadFile(path)
		if err != nil {
			return 0, err
		}
		var ns int64
		if _, err := fmt.Sscan(string(b), &ns); err != nil {
			return 0, err
		}
		total += time.Duration(ns)
	}
	return total, nil
}
