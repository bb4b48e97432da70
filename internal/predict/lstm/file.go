package lstm

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"io"

	"github.com/fleetms/obdctl/internal/errs"
)

// The file of a network: eight bytes of magic, the length of a JSON header (uint32), the header, the weights
// (float32), and the CRC-32 (IEEE) of all before it. Numbers are little-endian.
const (
	magic     = "obdlstm1"
	maxHeader = 1 << 16
)

// Save writes n.
func (n *Network) Save(w io.Writer) error {
	header, err := json.Marshal(n.config)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString(magic)
	b.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(header))))
	b.Write(header)
	if err := binary.Write(&b, binary.LittleEndian, n.w.flat); err != nil {
		return err
	}
	b.Write(binary.LittleEndian.AppendUint32(nil, crc32.ChecksumIEEE(b.Bytes())))
	_, err = w.Write(b.Bytes())
	return err
}

// Load reads a network that [Network.Save] wrote, and no byte after it. It takes no more memory than the header's
// shape needs, which [Config.Validate] bounds.
func Load(r io.Reader) (*Network, error) {
	sum := crc32.NewIEEE()
	in := io.TeeReader(r, sum)
	start := make([]byte, len(magic)+4)
	if _, err := io.ReadFull(in, start); err != nil {
		return nil, damaged("cut off in its first bytes")
	}
	if string(start[:len(magic)]) != magic {
		return nil, damaged("not a network of this program")
	}
	size := binary.LittleEndian.Uint32(start[len(magic):])
	if size > maxHeader {
		return nil, damaged("header too long")
	}
	header := make([]byte, size)
	if _, err := io.ReadFull(in, header); err != nil {
		return nil, damaged("cut off in its header")
	}
	var c Config
	if err := json.Unmarshal(header, &c); err != nil {
		return nil, errs.New(errs.BadInput, "load network: header: %w", err)
	}
	if err := c.Validate(); err != nil {
		return nil, errs.New(errs.BadInput, "load network: %w", err)
	}
	flat, err := readWeights(in, c.count())
	if err != nil {
		return nil, err
	}
	want := sum.Sum32()
	var end [4]byte
	if _, err := io.ReadFull(r, end[:]); err != nil || binary.LittleEndian.Uint32(end[:]) != want {
		return nil, damaged("checksum differs")
	}
	return newNetwork(c, flat), nil
}

// readWeights reads n weights piece by piece: a short file must not cost the memory of a long one.
func readWeights(r io.Reader, n int) ([]float32, error) {
	var flat []float32
	for len(flat) < n {
		part := make([]float32, min(n-len(flat), 1<<16))
		if err := binary.Read(r, binary.LittleEndian, part); err != nil {
			return nil, damaged("cut off in its weights")
		}
		for _, v := range part {
			if v-v != 0 {
				return nil, damaged("a weight is not a finite number")
			}
		}
		flat = append(flat, part...)
	}
	return flat, nil
}

func damaged(why string) error {
	return errs.New(errs.BadInput, "load network: %s", why).WithHint("train or import the model again")
}
