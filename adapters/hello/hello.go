// Package hello tells whether an ELM327-class adapter listens behind a port.
package hello

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/fleetms/obdctl/internal/link"
)

// The two ways in which nobody is there.
var (
	ErrSilent  = errors.New("no answer")                            // nothing that ends in a prompt came in time
	ErrGarbled = errors.New("the answer is not text of an adapter") // wrong speed, or another kind of device
)

// greetingLimit bounds what is read while waiting for the prompt, in bytes.
const greetingLimit = 4096

// Ask sends AT I and waits up to limit for a prompt behind clear text. It returns what the adapter says
// of itself, which may be empty: an adapter that was busy answers "?" or STOPPED first, and that is an
// answer as well. The port's read deadline is cleared afterwards.
//
// Errors: [ErrSilent], [ErrGarbled], ctx's, or the port's own.
func Ask(ctx context.Context, port link.Port, limit time.Duration) (string, error) {
	end := time.Now().Add(limit)
	if d, ok := ctx.Deadline(); ok && d.Before(end) {
		end = d
	}
	if err := port.SetReadDeadline(end); err != nil {
		return "", fmt.Errorf("say hello: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = port.SetReadDeadline(time.Unix(1, 0)) })
	defer func() {
		stop()
		_ = port.SetReadDeadline(time.Time{})
	}()
	// A bare CR would repeat the adapter's last command, so the line is never empty.
	if err := write(ctx, port, "ATI\r", end); err != nil {
		return "", fmt.Errorf("say hello: %w", err)
	}
	answer, err := readPrompt(port)
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		return "", fmt.Errorf("say hello: %w", err)
	}
	return judge(answer)
}

// write gives up on a port that takes no bytes, which the caller then closes.
func write(ctx context.Context, port link.Port, s string, end time.Time) error {
	done := make(chan error, 1)
	go func() {
		_, err := io.WriteString(port, s)
		done <- err
	}()
	timer := time.NewTimer(time.Until(end))
	defer timer.Stop()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return os.ErrDeadlineExceeded
	}
}

func readPrompt(port link.Port) ([]byte, error) {
	var got []byte
	buf := make([]byte, 512)
	for len(got) < greetingLimit {
		n, err := port.Read(buf)
		got = append(got, buf[:n]...)
		if err != nil || prompted(got) {
			return got, err
		}
	}
	return got, nil
}

// prompted tells that a whole answer is there: a prompt, unless the text before it is only the
// STOPPED or "?" of a command that our first byte interrupted.
func prompted(got []byte) bool {
	at := bytes.LastIndexByte(got, '>')
	return at >= 0 && len(bytes.Trim(got[at+1:], "\r\n \x00")) == 0
}

// judge tells an adapter's answer from noise.
func judge(got []byte) (string, error) {
	if !bytes.ContainsRune(got, '>') {
		if len(bytes.Trim(got, "\x00\xFF")) == 0 {
			return "", ErrSilent
		}
		return "", ErrGarbled
	}
	clean, odd := 0, 0
	for _, c := range got {
		switch {
		case c == '\r' || c == '\n' || c >= ' ' && c <= '~':
			clean++
		case c != 0:
			odd++
		}
	}
	// One junk byte in front of the banner is common; at a wrong speed most bytes are junk.
	if odd > 2 && odd*8 > clean {
		return "", ErrGarbled
	}
	return identity(string(got)), nil
}

// identity picks the line that names the adapter.
func identity(text string) string {
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\r' || r == '\n' || r == '>' })
	name := ""
	for _, line := range lines {
		line = strings.TrimSpace(strings.Map(printable, line))
		if line == "" || line == "?" || line == "STOPPED" || strings.EqualFold(line, "ATI") {
			continue
		}
		name = strings.TrimSpace(strings.TrimPrefix(line, "ATI"))
	}
	return name
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}
