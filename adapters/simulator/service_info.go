package simulator

// InfoTypes of service 09 (SAE J1979 annex G). On the older lines the odd one before each says how many
// messages it takes.
const (
	infoVIN        = 0x02
	infoCALID      = 0x04
	infoCVN        = 0x06
	infoInUseSpark = 0x08
	infoName       = 0x0A
	infoInUseComp  = 0x0B
	infoESN        = 0x0D
	infoRegulation = 0x0F
	calidLength    = 16
	nameLength     = 20
)

// item is the content of one InfoType: its data and how many items of the standard's kind they are.
type item struct {
	data  []byte
	count int
	lead  int // zeros in front that fill the first message on the older lines
}

// items returns what this ECU tells about itself.
func (e *ecu) items() map[byte]item {
	info := e.spec.Info
	all := map[byte]item{}
	if info.VIN != "" {
		all[infoVIN] = item{[]byte(info.VIN), 1, 3}
	}
	if n := len(info.CALIDs); n > 0 {
		var data []byte
		for _, id := range info.CALIDs {
			data = append(data, padded(id, calidLength)...)
		}
		all[infoCALID] = item{data, n, 0}
	}
	if n := len(info.CVNs); n > 0 {
		var data []byte
		for _, cvn := range info.CVNs {
			data = append(data, byte(cvn>>24), byte(cvn>>16), byte(cvn>>8), byte(cvn))
		}
		all[infoCVN] = item{data, n, 0}
	}
	if n := len(info.InUse); n > 0 {
		var data []byte
		for _, count := range info.InUse {
			data = append(data, byte(count>>8), byte(count))
		}
		kind := byte(infoInUseSpark)
		if info.Compression {
			kind = infoInUseComp
		}
		all[kind] = item{data, n, 0}
	}
	if info.Name != "" {
		all[infoName] = item{padded(info.Name, nameLength), 1, 0}
	}
	if info.ESN != "" {
		all[infoESN] = item{padded(info.ESN, 17), 1, 3}
	}
	if info.Regulation != "" {
		all[infoRegulation] = item{padded(info.Regulation, 17), 1, 3}
	}
	return all
}

// padded fills text with zeros or cuts it.
func padded(text string, length int) []byte {
	b := make([]byte, length)
	copy(b, text)
	return b
}

// counterOf maps the InfoTypes that count messages to what they count (older lines only).
var counterOf = map[byte]byte{0x01: infoVIN, 0x03: infoCALID, 0x05: infoCVN, 0x07: infoInUseSpark, 0x09: infoName, 0x0C: infoESN, 0x0E: infoRegulation}

// vehicleInfo is service 09.
func (e *ecu) vehicleInfo(request []byte) ([][]byte, byte) {
	all := e.items()
	if len(all) == 0 {
		return nil, nrcNoService
	}
	if len(request) != 1 {
		return nil, nrcNoSubFunction
	}
	kind := request[0]
	if e.line.IsCAN() {
		return e.infoCAN(kind, all)
	}
	return infoOlder(kind, all)
}

func (e *ecu) infoCAN(kind byte, all map[byte]item) ([][]byte, byte) {
	if kind%0x20 == 0 {
		var ids byteSet
		for id := range all {
			ids[id] = true
		}
		if !ids.has(kind) {
			return nil, nrcNoSubFunction
		}
		return [][]byte{join([]byte{0x49, kind}, ids.bitmap(kind))}, 0
	}
	it, ok := all[kind]
	if !ok {
		return nil, nrcNoSubFunction
	}
	if e.spec.NoItemCount {
		return [][]byte{join([]byte{0x49, kind}, it.data)}, 0
	}
	return [][]byte{join([]byte{0x49, kind, byte(it.count)}, it.data)}, 0
}

// infoOlder sends four bytes a message, each numbered from 1.
func infoOlder(kind byte, all map[byte]item) ([][]byte, byte) {
	if kind == 0 {
		var ids byteSet
		for id := range all {
			ids[id] = true
		}
		for counter, id := range counterOf {
			ids[counter] = ids[id]
		}
		return [][]byte{join([]byte{0x49, 0, 0x01}, ids.bitmap(0))}, 0
	}
	if id, ok := counterOf[kind]; ok {
		it, ok := all[id]
		if !ok {
			return nil, nrcNoSubFunction
		}
		return [][]byte{{0x49, kind, byte((len(it.data) + it.lead + 3) / 4)}}, 0
	}
	it, ok := all[kind]
	if !ok {
		return nil, nrcNoSubFunction
	}
	data := append(make([]byte, it.lead), it.data...)
	var messages [][]byte
	for n := byte(1); len(data) > 0; n++ {
		m := []byte{0x49, kind, n, 0, 0, 0, 0}
		data = data[copy(m[3:], data):]
		messages = append(messages, m)
	}
	return messages, 0
}
