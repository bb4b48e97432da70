package uds

// shape says where the fields of a record stand; less than 0 for a field that it does not have.
type shape struct{ size, severity, unit, dtc, status, counter int }

var (
	dtcAndStatus = shape{size: 4, severity: -1, unit: -1, dtc: 0, status: 3, counter: -1}
	// severityAndUnit is the record of 08 and 09.
	severityAndUnit = shape{size: 6, severity: 0, unit: 1, dtc: 2, status: 5, counter: -1}
	severityFirst   = shape{size: 5, severity: 0, unit: -1, dtc: 1, status: 4, counter: -1}
)

// records takes records of one shape up to the end; records of all zeros are padding.
func (a *answer) records(r *DTCReport, s shape) {
	for len(a.data) >= s.size {
		raw := a.take(s.size)
		if isZero(raw) && !a.know.KeepZero {
			continue
		}
		r.DTCs = append(r.DTCs, s.record(raw))
	}
	if !a.know.padding(a.data) && a.problem == "" {
		a.problem = "the last code is cut off"
	}
}

// oneRecord takes the record of a request for one code, if there is one; what follows says nothing.
func (a *answer) oneRecord(r *DTCReport, s shape) {
	if len(a.data) > 0 {
		if raw := a.take(s.size); raw != nil {
			r.DTCs = append(r.DTCs, s.record(raw))
			a.open = !a.know.Strict
		}
	}
}

func (s shape) record(raw []byte) DTCRecord {
	d := DTCRecord{DTC: dtcOf(raw[s.dtc:])}
	if s.severity >= 0 {
		v := Severity(raw[s.severity])
		d.Severity = &v
	}
	if s.unit >= 0 {
		v := raw[s.unit]
		d.FunctionalUnit = &v
	}
	if s.status >= 0 {
		v := Status(raw[s.status])
		d.Status = &v
	}
	if s.counter >= 0 {
		v := int8(raw[s.counter])
		d.FaultCounter = &v
	}
	return d
}

func dtcOf(b []byte) DTC { return DTC(b[0])<<16 | DTC(b[1])<<8 | DTC(b[2]) }

// permanent takes the records of 19 55: code and status, and from some ECUs the severity before them, as
// 19 42 has it. The length tells which.
func (a *answer) permanent(r *DTCReport) {
	n := len(a.data)
	if n%dtcAndStatus.size != 0 && n%severityFirst.size == 0 {
		a.records(r, severityFirst)
		return
	}
	a.records(r, dtcAndStatus)
}

// snapshotNumbers takes the records of 19 03: a code and the number of one snapshot.
func (a *answer) snapshotNumbers(r *DTCReport) {
	const size = 4
	for len(a.data) >= size {
		raw := a.take(size)
		if isZero(raw) && !a.know.KeepZero {
			continue
		}
		code := dtcOf(raw)
		if n := len(r.DTCs); n == 0 || r.DTCs[n-1].DTC != code {
			r.DTCs = append(r.DTCs, DTCRecord{DTC: code})
		}
		last := &r.DTCs[len(r.DTCs)-1]
		last.SnapshotNumbers = append(last.SnapshotNumbers, raw[3])
	}
	if !a.know.padding(a.data) {
		a.problem = "the last code is cut off"
	}
}
