package decode

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/fleetms/obdctl/internal/catalog"
	"github.com/fleetms/obdctl/internal/link"
	"github.com/fleetms/obdctl/internal/obd"
	"github.com/fleetms/obdctl/internal/protocol/uds"
)

// The upper bytes of identifiers that carry SAE J1979: PIDs and InfoTypes.
const (
	didPID  = 0xF4
	didInfo = 0xF8
)

// uds reads a reply of ISO 14229-1; handled is false for what is no such reply, or is left to the catalogue.
func (d *Decoder) uds(r *Result, p obd.Protocol, request catalog.Request, reply link.Reply) (handled bool, err error) {
	switch service := obd.Service(reply.Data[0] &^ 0x40); service {
	case uds.ReadDTC:
		return true, d.dtcReport(r, request, reply)
	case uds.ClearInformation:
		r.Text = append(r.Text, "cleared")
		return true, nil
	case uds.ReadByIdentifier:
		return d.carried(r, p, request, reply)
	case uds.SessionControl, uds.ECUReset, uds.SecurityAccess, uds.Communication, uds.RoutineControl, uds.TesterPresent, uds.DTCSetting:
		if len(reply.Data) < 2 {
			return true, fmt.Errorf("the reply ends behind its service: %w", uds.ErrMalformed)
		}
		_, err := uds.Interpret(requestBytes(request, service, reply.Data[1]), reply.Data)
		if err == nil {
			r.Text = append(r.Text, fmt.Sprintf("service %02X: positive response %s", uint8(service), uds.Hex(reply.Data[1:])))
		}
		return true, err
	default:
		return d.named(r, request, reply)
	}
}

// named says what the fields of a service hold that no signal set describes.
func (d *Decoder) named(r *Result, request catalog.Request, reply link.Reply) (bool, error) {
	service := obd.Service(reply.Data[0] &^ 0x40)
	if !uds.Known(service) || d.describes(service) {
		return false, nil
	}
	asked, _ := askedOf(request.Data, reply.Data)
	_, err := d.knowledge().Interpret(asked, reply.Data)
	if len(reply.Data) > 1 || err == nil {
		r.Text = append(r.Text, strings.TrimSpace(fmt.Sprintf("service %02X: positive response %s", uint8(service), uds.Hex(reply.Data[1:]))))
	}
	return true, err
}

// describes tells that a signal set has commands of a service.
func (d *Decoder) describes(service obd.Service) bool {
	for c := range d.Catalog.All() {
		if c.Service == service {
			return true
		}
	}
	return false
}

// requestBytes is the request, where it is known and of this service, otherwise the least that the reply echoes.
func requestBytes(request catalog.Request, service obd.Service, sub byte) []byte {
	if len(request.Data) > 1 && request.Data[0] == byte(service) {
		return request.Data
	}
	return []byte{byte(service), sub}
}

// dtcReport reads the codes of service 19.
func (d *Decoder) dtcReport(r *Result, request catalog.Request, reply link.Reply) error {
	if len(reply.Data) < 2 {
		return fmt.Errorf("the reply ends behind its service: %w", uds.ErrMalformed)
	}
	know := d.knowledge()
	said, err := know.Interpret(requestBytes(request, uds.ReadDTC, reply.Data[1]), reply.Data)
	report, ok := said.Data.(*uds.DTCReport)
	if !ok {
		return err
	}
	format := uds.FormatJ2012
	if report.Format != nil {
		format = *report.Format
	}
	if report.Count != nil {
		r.Text = append(r.Text, fmt.Sprintf("%d codes", *report.Count))
	} else if len(report.DTCs) == 0 && err == nil {
		r.Text = append(r.Text, "no codes")
	}
	for _, found := range report.DTCs {
		if kind, ok := kindOf(report.SubFunction, found.Status); ok {
			r.Codes = append(r.Codes, d.dtc(found, format, kind, reply.ECU))
		} else {
			r.Text = append(r.Text, reportLine(found, format))
		}
		for _, s := range found.Snapshots {
			d.snapshot(r, s, reply.ECU)
		}
	}
	return err
}

// kindOf says which list a code of a report stands in; one that is only known or tested stands in none.
func kindOf(sub byte, status *uds.Status) (obd.CodeKind, bool) {
	switch {
	case sub == uds.PermanentDTCs, sub == uds.WWHPermanent:
		return obd.Permanent, true
	case status == nil:
		return "", false
	case status.Has(uds.ConfirmedDTC):
		return obd.Stored, true
	case status.Has(uds.PendingDTC), status.Has(uds.TestFailed):
		return obd.Pending, true
	}
	return "", false
}

func (d *Decoder) dtc(found uds.DTCRecord, format uds.Format, kind obd.CodeKind, ecu obd.Address) obd.DTC {
	c := obd.DTC{Code: found.DTC.Code(), ECU: ecu, Kind: kind}
	if found.Status != nil {
		status := uint8(*found.Status)
		c.Status = &status
	}
	if found.Severity != nil {
		c.Class = found.Severity.Class()
	}
	if format == uds.FormatJ1939 {
		spn, fmi := found.DTC.Suspect()
		c.Code, c.SPN, c.FMI = found.DTC.Text(format), &spn, &fmi
		return c
	}
	failure := found.DTC.FailureType()
	c.FailureType = &failure
	d.Book.Fill(&c)
	return c
}

// reportLine words a code that is in no list.
func reportLine(found uds.DTCRecord, format uds.Format) string {
	words := []string{found.DTC.Text(format)}
	if found.Status != nil {
		words = append(words, found.Status.Names()...)
	}
	if found.FaultCounter != nil {
		words = append(words, fmt.Sprintf("fault detection counter %d", *found.FaultCounter))
	}
	for _, n := range found.SnapshotNumbers {
		words = append(words, fmt.Sprintf("snapshot %02X", n))
	}
	return strings.Join(words, ", ")
}

// snapshot decodes the PIDs of a freeze frame; what the catalogue does not know stays as bytes.
func (d *Decoder) snapshot(r *Result, s uds.Snapshot, ecu obd.Address) {
	for _, item := range s.Items {
		if c := d.Catalog.Command(obd.ServiceCurrentData, item.DID&0xFF); item.DID>>8 == didPID && c != nil {
			values, _ := c.Decode(nil, item.Data) // what fits is certain
			r.Signals = readings(r.Signals, values, ecu)
			continue
		}
		r.Text = append(r.Text, fmt.Sprintf("snapshot %02X: %04X = %s", s.Record, item.DID, item.Data))
	}
}

// pidLength is the length of the PID behind an identifier, less than 0 for others.
func (d *Decoder) pidLength(did uint16) int {
	if did>>8 == didPID {
		if did&0x1F == 0 {
			return 4
		}
		if n := d.Catalog.Length(obd.ServiceCurrentData, byte(did)); n > 0 {
			return n
		}
	}
	return -1
}

// carried reads identifiers that carry PIDs and InfoTypes of SAE J1979, and those that name a vehicle. Where
// a signal set has the identifier itself, that is believed.
func (d *Decoder) carried(r *Result, p obd.Protocol, request catalog.Request, reply link.Reply) (bool, error) {
	if len(reply.Data) < 4 {
		return false, nil
	}
	first := uint16(reply.Data[1])<<8 | uint16(reply.Data[2])
	if len(d.Catalog.Match(request.Header, reply.ECU, uds.ReadByIdentifier, first)) > 0 {
		return false, nil
	}
	data := reply.Data[3:]
	switch {
	case first == 0xF190:
		r.Info = append(r.Info, Info{ECU: reply.ECU, Type: 2, VIN: string(bytes.TrimFunc(data, isFill))})
		return true, nil
	case first>>8 == didInfo:
		return true, d.info(r, p, link.Reply{ECU: reply.ECU, Data: append([]byte{0x49, byte(first)}, data...)})
	case first>>8 != didPID:
		return false, nil
	}
	know := d.knowledge()
	asked := request.Data
	if len(asked) < 3 || asked[0] != byte(uds.ReadByIdentifier) {
		asked = uds.ReadDIDs(first)
	}
	said, err := know.Interpret(asked, reply.Data)
	found, ok := said.Data.(*uds.Identifiers)
	if !ok {
		return true, err
	}
	for _, item := range found.Items {
		as01 := link.Reply{ECU: reply.ECU, Data: append([]byte{0x41, byte(item.DID)}, item.Data...)}
		if perr := d.signals(r, catalog.Request{}, as01); perr != nil && err == nil {
			err = perr
		}
	}
	return true, err
}

// isFill tells what fills a text up; bytes that are no UTF-8, as FF, come as the replacement character.
func isFill(c rune) bool { return c == 0 || c == ' ' || c == utf8.RuneError }
