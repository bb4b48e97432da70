package uds

import "strconv"

// DTCReport is the reply to service 19. Which fields are set depends on the sub-function.
type DTCReport struct {
	SubFunction     byte        `json:"sub_function"`
	StatusMask      *Status     `json:"status_availability_mask,omitempty"`
	SeverityMask    *Severity   `json:"severity_availability_mask,omitempty"`
	Format          *Format     `json:"format,omitempty"`
	Count           *uint16     `json:"count,omitempty"` // the sub-functions that only count
	Memory          *byte       `json:"memory,omitempty"`
	FunctionalGroup *byte       `json:"functional_group,omitempty"`
	ReadinessGroup  *byte       `json:"readiness_group,omitempty"`
	Record          *byte       `json:"record,omitempty"` // of 16 and 1A, and of 05 where nothing is stored
	DTCs            []DTCRecord `json:"dtcs"`
}

// DTCRecord is one code and what the reply says of it.
type DTCRecord struct {
	DTC             DTC        `json:"dtc"`
	Status          *Status    `json:"status,omitempty"`
	Severity        *Severity  `json:"severity,omitempty"`
	FunctionalUnit  *byte      `json:"functional_unit,omitempty"`
	FaultCounter    *int8      `json:"fault_detection_counter,omitempty"` // -128 passed, 127 failed
	SnapshotNumbers Numbers    `json:"snapshot_numbers,omitempty"`
	Snapshots       []Snapshot `json:"snapshots,omitempty"`
	Extended        []Extended `json:"extended_data,omitempty"`
}

// Numbers are record numbers: a list of numbers in JSON, where bytes would be a text.
type Numbers []byte

// MarshalJSON writes [1,2].
func (n Numbers) MarshalJSON() ([]byte, error) {
	out := []byte{'['}
	for i, b := range n {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendUint(out, uint64(b), 10)
	}
	return append(out, ']'), nil
}

// Snapshot is one record of identifiers as they were when the code was stored.
type Snapshot struct {
	Record byte         `json:"record"`
	Items  []Identifier `json:"items"`
}

// Extended is one extended data record: counters and the like, defined by the maker or SAE J1979-DA.
type Extended struct {
	Record byte `json:"record"`
	Data   Hex  `json:"data"`
}

func (a *answer) dtcReport() any {
	r := &DTCReport{SubFunction: a.subFunction(), DTCs: []DTCRecord{}}
	if a.stray != "" && !sameShape(r.SubFunction, a.asked()) {
		a.open = true
	}
	switch a.asked() {
	case CountByStatus, CountBySeverity, MirrorCountByStatus, EmissionsCount:
		a.count(r)
	case ByStatus, SupportedDTCs, FirstFailed, FirstConfirmed, LastFailed, LastConfirmed, MirrorByStatus,
		EmissionsByStatus, PermanentDTCs:
		r.StatusMask = a.status()
		a.records(r, dtcAndStatus)
	case BySeverity:
		r.StatusMask = a.status()
		a.records(r, severityAndUnit)
	case SeverityOfDTC:
		r.StatusMask = a.status()
		a.oneRecord(r, severityAndUnit)
	case SnapshotNumbers:
		a.snapshotNumbers(r)
	case FaultCounters:
		a.records(r, shape{size: 4, severity: -1, unit: -1, dtc: 0, status: -1, counter: 3})
	case SnapshotByDTC, ExtendedByDTC, MirrorExtendedByDTC, MemorySnapshotByDTC, MemoryExtendedByDTC:
		a.detail(r)
	case StoredDataByRecord:
		a.storedData(r)
	case ExtendedByRecord:
		a.extendedByRecord(r)
	default:
		a.dtcReportOf2020(r)
	}
	return r
}

// dtcReportOf2020 reads the sub-functions with a memory or a functional group.
func (a *answer) dtcReportOf2020(r *DTCReport) {
	switch a.asked() {
	case MemoryByStatus:
		r.Memory = a.echoed("memory", 3)
		r.StatusMask = a.status()
		a.records(r, dtcAndStatus)
	case ExtendedSupportedFor:
		r.StatusMask = a.status()
		r.Record = a.echoed("record", 2)
		a.records(r, dtcAndStatus)
	case WWHByMask:
		r.FunctionalGroup = a.echoed("functional group", 2)
		r.StatusMask, r.SeverityMask = a.status(), a.severity()
		r.Format = a.format()
		a.records(r, severityFirst)
	case WWHPermanent:
		r.FunctionalGroup = a.echoed("functional group", 2)
		r.StatusMask, r.Format = a.status(), a.format()
		a.permanent(r)
	case WWHByReadinessGroup:
		r.FunctionalGroup = a.echoed("functional group", 2)
		r.StatusMask, r.Format = a.status(), a.format()
		r.ReadinessGroup = a.echoed("readiness group", 3)
		a.records(r, dtcAndStatus)
	default:
		a.problem = "the sub-function is not one of ISO 14229-1"
		a.open = true
	}
}

// sameShape tells that two sub-functions have replies of the same form.
func sameShape(x, y byte) bool {
	counts := func(s byte) bool {
		return s == CountByStatus || s == CountBySeverity || s == MirrorCountByStatus || s == EmissionsCount
	}
	return counts(x) == counts(y)
}

func (a *answer) status() *Status {
	s := Status(a.byte())
	return &s
}

func (a *answer) severity() *Severity {
	s := Severity(a.byte())
	return &s
}

func (a *answer) format() *Format {
	f := Format(a.byte())
	return &f
}

// echoed takes a byte that repeats the request's at an offset.
func (a *answer) echoed(what string, offset int) *byte {
	b := a.byte()
	if offset < len(a.request) {
		a.same(what, uint32(a.request[offset]), uint32(b))
	}
	return &b
}

func (a *answer) count(r *DTCReport) {
	r.StatusMask, r.Format = a.status(), a.format()
	n := a.uint16()
	r.Count = &n
}
