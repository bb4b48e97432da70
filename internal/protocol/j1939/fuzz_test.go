package j1939_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/protocol/j1939"
)

func FuzzID(f *testing.F) {
	f.Add(uint32(0x18FEF100))
	f.Add(uint32(0x18EA00F9))
	f.Fuzz(func(t *testing.T, raw uint32) {
		id := can.ID(raw&0x1FFFFFFF) | can.Extended
		if p, ok := j1939.ParseID(id); ok && (p.CAN() != id || !j1939.IsPGN(p.PGN)) {
			t.Errorf("%s: %+v", id, p)
		}
	})
}

func FuzzTransport(f *testing.F) {
	f.Add([]byte("\xEC\xFF\x01\x20\x14\x00\x03\xFF\xB0\xFE\x00\xEB\xFF\x01\x01\x01\x02\x03\x04\x05\x06\x07"))
	f.Add([]byte("\xEC\x02\x01\x10\x14\x00\x03\xFF\xB0\xFE\x00\xEB\x02\x01\x03\x01\x02\x03\x04\x05\x06\x07"))
	f.Add([]byte("\xC8\x02\x01\x14\x0A\x00\x00\x00\x00\xD7\x00\xC7\x02\x01\x01\x01\x02\x03\x04\x05\x06\x07"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m := j1939.NewMachine(j1939.Settings{Address: 2, Assigned: true})
		now := noon
		for ; len(data) >= 11; data = data[11:] {
			frame := can.Frame{ID: can.ID(0x1C000000|uint32(data[0])<<16|uint32(data[1])<<8|uint32(data[2])) | can.Extended, Len: 8}
			copy(frame.Data[:], data[3:11])
			m.Handle(now, &frame)
			now = now.Add(time.Duration(data[10]) * 10 * time.Millisecond)
			m.Advance(now)
			for _, g := range m.Messages() {
				if len(g.Data) > 64<<10 {
					t.Fatalf("%d bytes", len(g.Data))
				}
			}
			m.Frames()
		}
		if len(m.Nodes()) > 254 {
			t.Error("too many nodes")
		}
	})
}

// stable checks that what was read reads back the same once it was written.
func stable[T any](t *testing.T, data []byte, parse func([]byte) (T, error), write func(T) []byte) {
	t.Helper()
	first, err := parse(data)
	if err != nil {
		return
	}
	wire := write(first)
	again, err := parse(wire)
	if err != nil || !reflect.DeepEqual(again, first) {
		t.Errorf("%X reads %+v, written %X reads %+v, %v", data, first, wire, again, err)
	}
}

func FuzzMessages(f *testing.F) {
	for _, s := range []string{"", "\x40\xFF\x5B\x00\x03\x01\xFF\xFF", "\x5C\x00\x1C\x01\x00\x02\x1C\x01", "\x09\x64\x00\x01\x01\x01\x02\x03\x04\x05",
		"\xF7\x15\x15\x10\xCE\x00\xEE\xEE\x80\x00\xFF\xFF", "MAKE*MODEL*1*2*", "\x01\x2B\x0B\x01\x00\x2B\xC4\x0B\x00"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		stable(t, data, func(d []byte) (j1939.DM5, error) { return j1939.ParseDM5(d) }, j1939.DM5.Bytes)
		stable(t, data, j1939.ParseDM7, j1939.DM7.Bytes)
		stable(t, data, j1939.ParseDM20, j1939.DM20.Bytes)
		stable(t, data, j1939.ParseDM21, j1939.DM21.Bytes)
		stable(t, data, j1939.ParseDM22, j1939.DM22.Bytes)
		stable(t, data, j1939.ParseDM24, j1939.DM24Bytes)
		stable(t, data, j1939.ParseDM26, j1939.DM26.Bytes)
		stable(t, data, j1939.ParseDM29, j1939.DM29.Bytes)
		stable(t, data, j1939.ParseDM30, j1939.DM30Bytes)
		stable(t, data, j1939.ParseDM32, j1939.DM32Bytes)
		stable(t, data, j1939.ParseDM33, j1939.DM33Bytes)
		stable(t, data, j1939.ParseDM34, j1939.DM34.Bytes)
		for legacy := range uint8(4) {
			stable(t, data, func(d []byte) (j1939.List, error) { return j1939.ParseList(d, legacy) }, j1939.List.Bytes)
			stable(t, data, func(d []byte) ([]j1939.Association, error) { return j1939.ParseDM31(d, legacy) }, j1939.DM31Bytes)
			if len(data) >= 4 {
				b := [4]byte(data)
				if back := j1939.ParseDTC(b, legacy).Bytes(); !bytes.Equal(back[:], b[:]) {
					t.Errorf("code %X with method %d becomes %X", b, legacy, back)
				}
			}
		}
		_, _ = j1939.ParseDM19(data)
		if frames, err := j1939.ParseFrames(data, 0); err == nil {
			for _, x := range frames {
				_, _ = x.Basic()
			}
		}
		_ = j1939.ParseComponent(data)
		_ = j1939.ParseSoftware(data)
		_, _ = j1939.ParseVIN(data)
		_, _ = j1939.ParseAcknowledgement(data)
	})
}
