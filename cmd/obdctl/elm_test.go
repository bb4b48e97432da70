package main

import (
	"bufio"
	"context"
	"encoding/hex"
	"fmt"
	"net"
	"strings"
	"sync"

	"github.com/fleetms/obdctl/internal/diag/diagtest"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
)

// elm is the least of an ELM327 that this program needs, with a scripted car behind it.
type elm struct {
	car           *diagtest.Car
	header        string // of AT SH
	echo, headers bool
	spaces        bool
}

// serveELM answers on a port of its own until the listener is closed, one tester at a time.
func serveELM(l net.Listener, car *diagtest.Car) {
	var turn sync.Mutex
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			turn.Lock()
			defer turn.Unlock()
			defer c.Close()
			(&elm{car: car}).serve(c)
		}()
	}
}

func (e *elm) serve(c net.Conn) {
	e.echo, e.spaces = true, true
	in := bufio.NewReader(c)
	for {
		line, err := in.ReadString('\r')
		if err != nil {
			return
		}
		command := strings.ToUpper(strings.ReplaceAll(strings.TrimSpace(line), " ", ""))
		if e.echo {
			fmt.Fprintf(c, "%s\r", command)
		}
		fmt.Fprintf(c, "%s\r\r>", e.answer(command))
	}
}

func (e *elm) answer(command string) string {
	header, isHeader := strings.CutPrefix(command, "ATSH")
	switch {
	case command == "ATZ":
		e.echo, e.spaces, e.headers, e.header = true, true, false, ""
		return "ELM327 v1.4"
	case command == "ATI":
		return "ELM327 v1.4"
	case command == "ATDPN":
		return fmt.Sprintf("%X", uint8(e.car.Protocol))
	case command == "ATRV":
		return fmt.Sprintf("%.1fV", e.car.Volts)
	case command == "ATE0":
		e.echo = false
	case command == "ATS0":
		e.spaces = false
	case command == "ATH1":
		e.headers = true
	case isHeader:
		e.header = header
	case !strings.HasPrefix(command, "AT"):
		return e.exchange(command)
	}
	return "OK"
}

// exchange asks the car; a count digit behind whole bytes is left off.
func (e *elm) exchange(digits string) string {
	data, err := hex.DecodeString(digits[:len(digits)&^1])
	if err != nil || len(data) == 0 {
		return "?"
	}
	replies, _ := e.car.Exchange(context.Background(), link.Request{Target: e.target(), Data: data})
	var lines []string
	for _, r := range replies {
		for _, frame := range framed(r.Data) {
			text := fmt.Sprintf("%X", frame)
			if e.headers {
				text = r.ECU.String() + text
			}
			lines = append(lines, text)
		}
	}
	if len(lines) == 0 {
		return "NO DATA"
	}
	return strings.Join(lines, "\r")
}

// target is the ECU that the header means.
func (e *elm) target() obd.Address {
	request, err := obd.ParseAddress(e.header)
	switch {
	case err != nil || e.header == "" || e.header == "7DF" || strings.HasSuffix(e.header, "DB33F1"):
		return obd.Functional
	case request.IsCAN29():
		return request.Request()
	}
	return obd.CAN11(request.ID() + 8)
}

// framed cuts a message into the frames of ISO 15765-2, padded.
func framed(data []byte) [][]byte {
	if len(data) <= 7 {
		return [][]byte{padded([]byte{byte(len(data))}, data)}
	}
	frames := [][]byte{padded([]byte{0x10 | byte(len(data)>>8), byte(len(data))}, data[:6])}
	for n, rest := byte(1), data[6:]; len(rest) > 0; n++ {
		size := min(7, len(rest))
		frames = append(frames, padded([]byte{0x20 | n&0x0F}, rest[:size]))
		rest = rest[size:]
	}
	return frames
}

func padded(head, data []byte) []byte {
	frame := append(append([]byte{}, head...), data...)
	for len(frame) < 8 {
		frame = append(frame, 0xAA)
	}
	return frame
}
