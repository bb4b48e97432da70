package diag

import (
	"encoding/hex"
	"fmt"

	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// The upper bytes of the identifiers that carry SAE J1979 (ISO 14229-1 annex C.1): PIDs, OBDMIDs, InfoTypes.
const (
	didPID  = 0xF4
	didMID  = 0xF6
	didInfo = 0xF8
)

// carrier returns the upper byte of the identifiers that stand for the ids of a service; 0 for none.
func carrier(s obd.Service) byte {
	switch s {
	case obd.ServiceCurrentData:
		return didPID
	case obd.ServiceMonitorTests:
		return didMID
	case obd.ServiceVehicleInfo:
		return didInfo
	}
	return 0
}

// carry puts the ids of a request into identifiers of service 22: 01 0C 0D becomes 22 F40C F40D.
func (u *udsCar) carry(request []byte) []byte { return carried(request) }

func carried(request []byte) []byte {
	upper := carrier(obd.Service(request[0]))
	if upper == 0 {
		return request
	}
	out := make([]byte, 1, 2*len(request))
	out[0] = byte(uds.ReadByIdentifier)
	for _, id := range request[1:] {
		out = append(out, upper, id)
	}
	return out
}

// uncarry makes the reply one of SAE J1979. What does not fit is cut: the readers say so.
func (u *udsCar) uncarry(request []byte, r link.Reply) link.Reply {
	service := obd.Service(request[0])
	upper := carrier(service)
	if upper == 0 || len(r.Data) < 3 || r.Data[0] != byte(uds.ReadByIdentifier)+0x40 {
		return r
	}
	answer := []byte{request[0] + 0x40}
	switch {
	case r.Data[1] != upper:
		r.Data = []byte{r.Data[0]} // an answer to something else
		return r
	case len(request) == 2:
		id, data := r.Data[2], r.Data[3:]
		answer = append(answer, id)
		r.Data = append(answer, j1979Shape(service, id, data)...)
		return r
	}
	for rest := r.Data[1:]; len(rest) > 2 && rest[0] == upper; {
		length := u.tester.lengths[rest[1]]
		if isBitmap(rest[1]) {
			length = 4
		}
		if length == 0 || len(rest) < 2+length {
			break
		}
		answer = append(answer, rest[1:2+length]...)
		rest = rest[2+length:]
	}
	r.Data = answer
	return r
}

// j1979Shape adds what SAE J1979 has between the id and the data and identifiers leave out: the count of
// items of an InfoType, the OBDMID before every record of a monitor test.
func j1979Shape(service obd.Service, id byte, data []byte) []byte {
	switch {
	case isBitmap(id):
		return data
	case service == obd.ServiceVehicleInfo:
		return withCount(id, data)
	case service == obd.ServiceMonitorTests:
		return withMID(id, data)
	}
	return data
}

func withCount(id byte, data []byte) []byte {
	size := 0
	switch id {
	case j1979.InfoVIN:
		size = 17
	case j1979.InfoCalibrationID:
		size = 16
	case j1979.InfoCVN:
		size = 4
	case j1979.InfoInUseSpark, j1979.InfoInUseDiesel:
		size = 2
	case j1979.InfoECUName:
		size = 20
	}
	if size == 0 || len(data) == 0 || len(data)%size != 0 || len(data)/size > 0xFF {
		return data
	}
	return append([]byte{byte(len(data) / size)}, data...)
}

// monitorRecord is TID, unit and scaling id, value, minimum and maximum.
const monitorRecord = 8

func withMID(mid byte, data []byte) []byte {
	for _, head := range [][]byte{{mid}, {didMID, mid}} {
		if records, ok := splitRecords(data, head); ok {
			return records[1:] // the first OBDMID stands there already
		}
	}
	if len(data)%monitorRecord != 0 {
		return data
	}
	var out []byte
	for at := 0; at < len(data); at += monitorRecord {
		if at > 0 {
			out = append(out, mid)
		}
		out = append(out, data[at:at+monitorRecord]...)
	}
	return out
}

// splitRecords reads records that have the head between them, and returns each with the OBDMID before it.
func splitRecords(data, head []byte) ([]byte, bool) {
	if len(data) <= monitorRecord || (len(data)+len(head))%(monitorRecord+len(head)) != 0 {
		return nil, false
	}
	mid := head[len(head)-1]
	var out []byte
	for at := 0; at < len(data); at += monitorRecord + len(head) {
		if at > 0 && string(data[at-len(head):at]) != string(head) {
			return nil, false
		}
		out = append(append(out, mid), data[at:at+monitorRecord]...)
	}
	return out, true
}

// retold names in unread items the requests as they were sent.
func retold(missed []obd.Unread) []obd.Unread {
	for i := range missed {
		if plain, err := hex.DecodeString(missed[i].Request); err == nil && len(plain) > 0 {
			missed[i].Request = fmt.Sprintf("%X", carried(plain))
		}
	}
	return missed
}
