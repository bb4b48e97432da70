package uds_test

import (
	"bytes"
	"testing"

	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// FuzzInterpret reads any reply to any request, with and without knowledge.
func FuzzInterpret(f *testing.F) {
	for _, s := range [][2]string{
		{"1902FF", "5902FF0301112F"}, {"1904030111FF", "59040301112F0101F40C0C80"}, {"22F40CF18C", "62F40C0C80F18C41"},
		{"2905", "6905"}, {"24F40C", "64F40C02A013"}, {"1905FF", "590502"}, {"191601", "591601"}, {"860102", "C60100"},
		{"231220000210", "630102"}, {"340011001010", "741081"}, {"38010003612E6210010504", "7801020FA210"},
		{"38040003612E6200", "780401800000020100"}, {"3D12200002AABB", "7D12200002"}, {"84", "C400180100020001622233CCDD"},
	} {
		f.Add(bytesOf2(s[0]), bytesOf2(s[1]), true)
	}
	f.Fuzz(func(t *testing.T, request, response []byte, strict bool) {
		for _, k := range []uds.Knowledge{{Strict: strict}, {Length: known.Length, Extended: known.Extended, Strict: strict, KeepZero: !strict}} {
			reply, err := k.Interpret(request, response)
			if err == nil && (!reply.Positive || !reply.Valid || reply.Unexpected) {
				t.Errorf("%X: %X: no error and %+v", request, response, reply)
			}
			if report, ok := reply.Data.(*uds.DTCReport); ok && len(report.DTCs) > len(response) {
				t.Errorf("%d codes in %d bytes", len(report.DTCs), len(response))
			}
			if found, ok := reply.Data.(*uds.Identifiers); ok && len(found.Items) > len(response) {
				t.Errorf("%d identifiers in %d bytes", len(found.Items), len(response))
			}
		}
		_, _ = uds.ParsePeriodic(response)
	})
}

// FuzzReportRoundTrip writes what was read of a strict reply again: the bytes must be the same.
func FuzzReportRoundTrip(f *testing.F) {
	for _, s := range []string{
		"5902FF0301112F", "5901FF040001", "59030301110103011102", "59040301112F0102F40C0C80F40D32", "590502030111240101F40D32",
		"59060301112401AABB", "5908FF40100301112F", "59140301117F", "591601030111240102", "591710FF0301112F", "591810030111240101F40D32",
		"591910030111240102FF", "591AFF910301112F", "594233FFFE04220301112F", "595533FF040301112F", "595533FF04220301112F", "595633FF0401030111500301112F",
	} {
		f.Add(bytesOf2(s))
	}
	know := uds.Knowledge{Strict: true, KeepZero: true, Length: func(did uint16) int { return int(did & 7) }, Extended: func(uint32, byte) int { return 2 }}
	f.Fuzz(func(t *testing.T, response []byte) {
		if len(response) < 2 || response[0] != byte(uds.ReadDTC)+0x40 {
			return
		}
		reply, err := know.Interpret([]byte{byte(uds.ReadDTC), response[1] &^ uds.SuppressPositive}, response)
		if err != nil {
			return
		}
		if again := marshal(reply.Data.(*uds.DTCReport)); !bytes.Equal(again, response) {
			t.Errorf("read %X, wrote %X", response, again)
		}
	})
}

// FuzzIdentifiersRoundTrip builds a request and its reply from identifiers of known lengths and reads them again.
func FuzzIdentifiersRoundTrip(f *testing.F) {
	f.Add([]byte("\xF4\x0CAB\xF1\x90C"), byte(2))
	f.Fuzz(func(t *testing.T, data []byte, length byte) {
		n := 1 + int(length%6)
		var dids []uint16
		reply := []byte{byte(uds.ReadByIdentifier) + 0x40}
		for len(data) >= 2+n {
			dids = append(dids, uint16(data[0])<<8|uint16(data[1]))
			reply = append(reply, data[:2+n]...)
			data = data[2+n:]
		}
		if len(dids) == 0 {
			return
		}
		know := uds.Knowledge{Strict: true, Length: func(uint16) int { return n }}
		got, err := know.Interpret(uds.ReadDIDs(dids...), reply)
		if err != nil {
			t.Fatalf("%X: %v", reply, err)
		}
		items := got.Data.(*uds.Identifiers).Items
		for i, did := range dids {
			if items[i].DID != did || !bytes.Equal(items[i].Data, reply[1+i*(2+n)+2:1+(i+1)*(2+n)]) {
				t.Errorf("item %d is %+v", i, items[i])
			}
		}
	})
}
