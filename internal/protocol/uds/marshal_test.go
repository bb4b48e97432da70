package uds_test

import (
	"encoding/hex"

	"github.com/fleetms/obdctl/internal/protocol/uds"
)

func bytesOf2(digits string) []byte {
	b, _ := hex.DecodeString(digits)
	return b
}

// marshal writes a report as an ECU would; the order of the fields is that of each sub-function.
func marshal(r *uds.DTCReport) []byte {
	out := []byte{0x59, r.SubFunction}
	switch r.SubFunction {
	case uds.MemoryByStatus:
		out = append(out, *r.Memory, byte(*r.StatusMask))
	case uds.ExtendedSupportedFor:
		out = append(out, byte(*r.StatusMask), *r.Record)
	case uds.WWHByReadinessGroup:
		out = append(out, *r.FunctionalGroup, byte(*r.StatusMask), byte(*r.Format), *r.ReadinessGroup)
	default:
		out = append(out, head(r)...)
	}
	for _, d := range r.DTCs {
		out = append(out, record(r.SubFunction, d)...)
	}
	return out
}

// head are the fields before the records that stand in the same order wherever they are.
func head(r *uds.DTCReport) []byte {
	var out []byte
	for _, b := range []*byte{r.Memory, r.FunctionalGroup, (*byte)(r.StatusMask), (*byte)(r.SeverityMask), (*byte)(r.Format), r.Record} {
		if b != nil {
			out = append(out, *b)
		}
	}
	if r.Count != nil {
		out = append(out, byte(*r.Count>>8), byte(*r.Count))
	}
	return out
}

func record(sub byte, d uds.DTCRecord) []byte {
	code := []byte{byte(d.DTC >> 16), byte(d.DTC >> 8), byte(d.DTC)}
	if sub == uds.SnapshotNumbers {
		var out []byte
		for _, n := range d.SnapshotNumbers {
			out = append(append(out, code...), n)
		}
		return out
	}
	var out []byte
	if sub == uds.StoredDataByRecord {
		out = append(out, d.Snapshots[0].Record)
	}
	for _, b := range []*byte{(*byte)(d.Severity), d.FunctionalUnit} {
		if b != nil {
			out = append(out, *b)
		}
	}
	out = append(out, code...)
	if d.Status != nil {
		out = append(out, byte(*d.Status))
	}
	if d.FaultCounter != nil {
		out = append(out, byte(*d.FaultCounter))
	}
	return append(out, details(sub, d)...)
}

func details(sub byte, d uds.DTCRecord) []byte {
	var out []byte
	for _, s := range d.Snapshots {
		if sub != uds.StoredDataByRecord {
			out = append(out, s.Record)
		}
		out = append(out, byte(len(s.Items)))
		for _, i := range s.Items {
			out = append(append(out, byte(i.DID>>8), byte(i.DID)), i.Data...)
		}
	}
	for _, e := range d.Extended {
		if sub != uds.ExtendedByRecord {
			out = append(out, e.Record)
		}
		out = append(out, e.Data...)
	}
	return out
}
