package importer_test

import (
	"context"
	"strconv"
	"strings"

	"github.com/fleetms/obdctl/internal/can"
	"github.com/fleetms/obdctl/internal/importer"
	"github.com/fleetms/obdctl/internal/obd"
)

// toy is an interpreter that knows two PIDs and frames of one message, enough to see what the importer does.
type toy struct{ open []int }

func newToy() importer.Interpreter { return &toy{} }

func (y *toy) Exchange(x importer.Exchange) importer.Decoded {
	var d importer.Decoded
	for _, line := range strings.FieldsFunc(string(x.Received), func(c rune) bool { return c == '\r' || c == '>' }) {
		words := strings.Fields(line)
		if len(words) < 5 || words[2] != "41" {
			continue
		}
		ecu, err := obd.ParseAddress(words[0])
		if err == nil {
			d.Readings = append(d.Readings, value(ecu, words[3], words[4:])...)
		}
	}
	return d
}

func value(ecu obd.Address, pid string, words []string) []obd.Reading {
	n, _ := strconv.ParseUint(words[0], 16, 8)
	switch pid {
	case "0D":
		return []obd.Reading{{ECU: ecu, Signal: "VSS", Value: float64(n), Unit: "km/h"}}
	case "05":
		return []obd.Reading{{ECU: ecu, Signal: "ECT", Value: float64(n) - 40, Unit: "Cel"}}
	case "0C":
		if len(words) < 2 {
			return nil
		}
		low, _ := strconv.ParseUint(words[1], 16, 8)
		return []obd.Reading{{ECU: ecu, Signal: "RPM", Value: float64(n*256+low) / 4, Unit: "/min"}}
	}
	return nil
}

func (y *toy) Frame(line int, f can.Frame) importer.Decoded {
	data := f.Payload()
	ecu := obd.CAN11(f.ID.Raw())
	if f.ID.IsExtended() {
		ecu = obd.CAN29(f.ID.Raw())
	}
	if len(data) > 0 && data[0]>>4 == 1 {
		y.open = append(y.open, line)
	}
	if len(data) < 5 || data[1] != 0x41 || !f.ID.IsExtended() && f.ID.Raw() < 0x700 {
		return importer.Decoded{}
	}
	words := make([]string, 0, 8)
	for _, b := range data[3:] {
		words = append(words, strconv.FormatUint(uint64(b), 16))
	}
	return importer.Decoded{Readings: value(ecu, strings.ToUpper(strconv.FormatUint(0x100|uint64(data[2]), 16)[1:]), words)}
}

func (y *toy) End() importer.Decoded {
	var d importer.Decoded
	for _, line := range y.open {
		d.Problems = append(d.Problems, importer.Problem{Line: line, Reason: "the log ends within this message"})
	}
	return d
}

func (y *toy) Diagnose(context.Context, string, []byte) (*obd.Scan, error) { return nil, nil }
