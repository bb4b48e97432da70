//go:build !linux && !windows && !(darwin && cgo)

package serial

import (
	"fmt"

	"go.bug.st/serial"
)

// enumerate lists names only: on macOS the USB ids are reached through IOKit, which takes cgo.
func enumerate() ([]Info, error) {
	names, err := serial.GetPortsList()
	if err != nil {
		return nil, fmt.Errorf("list serial ports: %w", err)
	}
	out := make([]Info, 0, len(names))
	for _, name := range names {
		out = append(out, Info{Device: name})
	}
	return out, nil
}
