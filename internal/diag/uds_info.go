package diag

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/j1979"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// identification is an identifier of ISO 14229-1 annex C.1 that names an ECU or its parts.
type identification struct {
	did    uint16
	signal string
	name   string
}

const (
	didVIN        = 0xF190
	didSystemName = 0xF197
	didSoftware   = 0xF188
	didSerial     = 0xF18C
)

// identifications in the order in which they are asked for and shown.
var identifications = []identification{
	{didSystemName, "SYSTEM_NAME", "System name or engine type"},
	{0xF187, "SPARE_PART", "Spare part number"},
	{didSoftware, "ECU_SW", "ECU software number"},
	{0xF189, "ECU_SW_VER", "ECU software version"},
	{0xF191, "ECU_HW", "ECU hardware number"},
	{0xF18A, "SUPPLIER", "System supplier"},
	{0xF18B, "ECU_MADE", "ECU manufacturing date"},
	{didSerial, "ECU_SERIAL", "ECU serial number"},
	{0xF192, "SUPPLIER_HW", "Supplier's hardware number"},
	{0xF193, "SUPPLIER_HW_VER", "Supplier's hardware version"},
	{0xF194, "SUPPLIER_SW", "Supplier's software number"},
	{0xF195, "SUPPLIER_SW_VER", "Supplier's software version"},
	{0xF19E, "ODX_FILE", "ODX file"},
}

// vin reads InfoType 02 behind F802, and F190 of every ECU that has none.
func (u *udsCar) vin(ctx context.Context) ([]obd.ECU, []obd.Unread, error) {
	var units []obd.ECU
	var missed []obd.Unread
	var err error
	if u.hasOBD() {
		units, missed, err = u.tester.vin(ctx)
		missed = retold(missed)
	}
	if err != nil || slices.ContainsFunc(units, func(e obd.ECU) bool { return e.VIN != "" }) {
		return units, missed, err
	}
	request := uds.ReadDIDs(didVIN)
	replies, lost, err := u.ask(ctx, obd.StepVehicle, request)
	for _, r := range replies {
		if text := identifierText(request, r.Data); text != "" {
			units = append(units, obd.ECU{Address: r.ECU, VIN: text})
		}
	}
	if len(units) > 0 {
		// An ECU without the VIN is nothing strange; one that broke off is.
		lost = slices.DeleteFunc(lost, func(m obd.Unread) bool { return m.Reason == obd.NotSupported })
		return units, lost, err
	}
	return units, append(missed, lost...), err
}

// vehicleInfo reads the InfoTypes behind F8xx where there are any, and what ISO 14229-1 has for naming an ECU.
func (u *udsCar) vehicleInfo(ctx context.Context, want func(byte) bool) ([]obd.ECU, []obd.Unread, error) {
	var units []obd.ECU
	var missed []obd.Unread
	var err error
	if u.hasOBD() {
		units, missed, err = u.tester.vehicleInfo(ctx, want)
		missed = retold(missed)
	}
	if err == nil && !u.hasOBD() && want(j1979.InfoVIN) {
		units, missed, err = u.vin(ctx)
		for i := range missed {
			missed[i].Step = obd.StepInfo
		}
	}
	for _, ecu := range u.tester.ECUs() {
		if err != nil {
			break
		}
		if isUnknown(ecu) {
			continue
		}
		if slices.ContainsFunc(units, func(e obd.ECU) bool { return e.Address == ecu && len(e.Calibrations) > 0 }) {
			continue // the emission laws' own identification says it all
		}
		at := slices.IndexFunc(units, func(e obd.ECU) bool { return e.Address == ecu })
		if at < 0 {
			units, at = append(units, obd.ECU{Address: ecu}), len(units)
		}
		var lost []obd.Unread
		lost, err = u.identify(ctx, &units[at])
		missed = append(missed, lost...)
	}
	byECU(units, func(e obd.ECU) obd.Address { return e.Address })
	return units, missed, err
}

// identify fills in what an ECU says of its parts. Identifiers that it does not have are no loss.
func (u *udsCar) identify(ctx context.Context, e *obd.ECU) ([]obd.Unread, error) {
	quiet := 0
	for _, id := range identifications {
		request := uds.ReadDIDs(id.did)
		replies, missed, err := u.askOne(ctx, obd.StepInfo, e.Address, request)
		if err != nil {
			return missed, err
		}
		if len(replies) == 0 && onlySilence(missed) {
			if quiet++; quiet < silentIdentifiers {
				continue
			}
			if u.hasOBD() || len(e.Info) > 0 {
				missed = nil // it need not have any, and some say nothing then
			}
			return missed, nil
		}
		quiet = 0
		for _, r := range replies {
			u.take(e, id, identifierText(request, r.Data))
		}
	}
	return nil, nil
}

// silentIdentifiers is after how many requests in a row without a word an ECU is left alone.
const silentIdentifiers = 2

func (u *udsCar) take(e *obd.ECU, id identification, text string) {
	if text == "" {
		return
	}
	switch id.did {
	case didSystemName:
		e.Name = cmp.Or(e.Name, text)
	case didSoftware:
		if len(e.Calibrations) == 0 {
			e.Calibrations = []obd.Calibration{{ID: text}}
		}
	}
	e.Info = append(e.Info, obd.Reading{
		At: obd.Stamp(u.tester.now()), ECU: e.Address, Signal: id.signal, Name: id.name, Text: text,
	})
}

// identifierText returns the text of a reply with one identifier, or its digits where it is none.
func identifierText(request, reply []byte) string {
	r, err := uds.Interpret(request, reply)
	found, ok := r.Data.(*uds.Identifiers)
	if err != nil || !ok || len(found.Items) == 0 {
		return ""
	}
	data := found.Items[0].Data
	text := string(trimFill(data))
	text = strings.TrimLeft(text, "\x00 ")
	for _, c := range []byte(text) {
		if c < ' ' || c > '~' {
			return data.String()
		}
	}
	return text
}

// trimFill drops the bytes that control units fill texts up with.
func trimFill(data []byte) []byte {
	for len(data) > 0 && strings.IndexByte("\x00\xFF \xAA\x55", data[len(data)-1]) >= 0 {
		data = data[:len(data)-1]
	}
	return data
}
