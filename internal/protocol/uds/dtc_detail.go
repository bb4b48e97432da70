package uds

// detail takes the records of one code: snapshots or extended data.
func (a *answer) detail(r *DTCReport) {
	sub := a.asked()
	if sub == MemorySnapshotByDTC || sub == MemoryExtendedByDTC {
		r.Memory = a.echoed("memory", 6)
	}
	code := DTC(a.uint24())
	status := a.status()
	if a.short {
		return
	}
	if len(a.request) >= 5 {
		a.same("code", uint32(dtcOf(a.request[2:])), uint32(code))
	}
	d := DTCRecord{DTC: code, Status: status}
	if sub == SnapshotByDTC || sub == MemorySnapshotByDTC {
		a.snapshots(&d)
	} else {
		a.extendedRecords(&d)
	}
	r.DTCs = append(r.DTCs, d)
}

// wanted returns the record number of the request; single is false where it asks for several.
func (a *answer) wanted(offset int) (record byte, single bool) {
	if offset >= len(a.request) {
		return AllRecords, false
	}
	record = a.request[offset]
	return record, record < 0xF0
}

const recordOffset = 5 // of the record number in the requests for one code

func (a *answer) snapshots(d *DTCRecord) {
	record, single := a.wanted(recordOffset)
	for len(a.data) > 0 && !a.padded() {
		s := Snapshot{Record: a.recordNumber()}
		if single {
			a.same("record", uint32(record), uint32(s.Record))
		}
		a.items(&s)
		d.Snapshots = append(d.Snapshots, s)
		if a.short || a.problem != "" {
			return
		}
	}
}

// items takes the identifiers of one snapshot behind their number.
func (a *answer) items(s *Snapshot) {
	n := int(a.byte())
	_, single := a.wanted(recordOffset)
	if n == 0 && !a.short {
		a.problem = "a snapshot without identifiers"
	}
	for left := n; left > 0; left-- {
		item := Identifier{DID: a.uint16()}
		length := a.know.length(item.DID)
		switch {
		case a.short:
			return
		case length < 0 && len(a.data) == 0:
			a.short = true
			return
		case length < 0:
			item.Unsplit = left > 1 || !single
			item.Data = a.rest() // no way to tell where it ends
			s.Items = append(s.Items, item)
			return
		}
		item.Data = Hex(a.take(length))
		if a.short {
			return
		}
		s.Items = append(s.Items, item)
	}
}

// recordNumber takes the number of a record; 00 is reserved.
func (a *answer) recordNumber() byte {
	n := a.byte()
	if n == 0 && !a.short && a.know.Strict {
		a.problem = "record number 00 is reserved"
	}
	return n
}

// padded tells that only padding is left, and takes it.
func (a *answer) padded() bool {
	if len(a.data) > 0 && a.know.padding(a.data) {
		a.data = nil
		return true
	}
	return false
}

func (a *answer) extendedRecords(d *DTCRecord) {
	record, single := a.wanted(recordOffset)
	for len(a.data) > 0 && !a.padded() {
		e := Extended{Record: a.recordNumber()}
		if single {
			a.same("record", uint32(record), uint32(e.Record))
		}
		a.extendedData(&e, d.DTC)
		if a.short {
			return
		}
		d.Extended = append(d.Extended, e)
	}
}

// extendedData takes the data of one record; without knowledge everything up to the end is its own.
func (a *answer) extendedData(e *Extended, code DTC) {
	length := a.know.extended(uint32(code), e.Record)
	switch {
	case length >= 0:
		e.Data = Hex(a.take(length))
	case len(a.data) == 0:
		a.short = true
	default:
		e.Data = a.rest()
	}
}

// storedData takes the records of 19 05: number, code, status and identifiers.
func (a *answer) storedData(r *DTCReport) {
	record, single := a.wanted(2)
	for first := true; len(a.data) > 0 || first; first = false {
		number := a.byte()
		if single {
			a.same("record", uint32(record), uint32(number))
		}
		if a.short || len(a.data) == 0 || a.padded() {
			a.nothingStored(r, number, first)
			return
		}
		d := DTCRecord{DTC: DTC(a.uint24()), Status: a.status()}
		s := Snapshot{Record: number}
		a.items(&s)
		d.Snapshots = []Snapshot{s}
		r.DTCs = append(r.DTCs, d)
		if a.short || a.problem != "" || a.padded() {
			return
		}
	}
}

// nothingStored notes a record number without a code behind it: the ECU has no such record.
func (a *answer) nothingStored(r *DTCReport, number byte, first bool) {
	if first {
		r.Record = &number
	} else if !a.know.padding([]byte{number}) {
		a.short = true
	}
}

// extendedByRecord takes the records of 19 16: one record of every code that has it.
func (a *answer) extendedByRecord(r *DTCReport) {
	r.Record = a.echoed("record", 2)
	for len(a.data) > 0 && !a.padded() {
		d := DTCRecord{DTC: DTC(a.uint24()), Status: a.status()}
		e := Extended{Record: *r.Record}
		switch length := a.know.extended(uint32(d.DTC), e.Record); {
		case length < 0:
			e.Data = a.rest() // no way to tell where the next code begins
		case length > len(a.data) && a.padded(): // a code without its record, filled up
		default:
			a.extendedData(&e, d.DTC)
		}
		if a.short {
			return
		}
		d.Extended = []Extended{e}
		r.DTCs = append(r.DTCs, d)
	}
}
