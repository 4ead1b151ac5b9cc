package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"

	"tacit/ui/cmd/internal/drive"
)

// windows pairs two profiles without a window, then opens one on each.
func (s *stage) windows(ctx context.Context) error {
	if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		fmt.Println("There is no display here, so no window can open. This is the headless demo instead:")
		fmt.Println()
		return s.transcript(ctx)
	}
	fmt.Println("Making two profiles and pairing them...")
	if err := s.pairProfiles(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ended := make(chan error, len(cast))
	for i, name := range cast {
		cmd := exec.CommandContext(ctx, s.program("tacit"),
			"--profile", s.profile(name), "--passphrase-file", s.pass, "--listen", "loopback",
			"--title", "Tacit: "+name, "--size", "720x680")
		cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
		if err := cmd.Start(); err != nil {
			return fmt.Errorf("window %d: %w", i+1, err)
		}
		go func() { ended <- cmd.Wait() }()
	}
	fmt.Println("Two windows are open. Write in one and watch the other; close both to end.")
	for range cast {
		if err := <-ended; err != nil && ctx.Err() == nil {
			return err
		}
	}
	return nil
}

func (s *stage) pairProfiles(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*patience)
	defer cancel()
	var processes []*drive.Process
	for _, name := range cast {
		if err := s.init(ctx, name); err != nil {
			return err
		}
		p, err := s.start(name)
		if err != nil {
			return err
		}
		defer p.Kill()
		processes = append(processes, p)
	}
	if _, err := drive.Pair(ctx, processes[0], processes[1], nil); err != nil {
		return err
	}
	for _, p := range processes {
		if err := p.Shutdown(ctx); err != nil {
			return err
		}
	}
	return nil
}
