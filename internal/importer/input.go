package importer

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"slices"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/fleetms/obdctl/internal/errs"
)

var (
	errUnknown  = errors.New("the format is not known")
	errEmpty    = errors.New("the file is empty")
	errTooLarge = errors.New("larger than the limit when decompressed")
	errNothing  = errors.New("nothing of it could be taken in")
	errBomb     = errors.New("grows beyond all measure when decompressed")
)

// freeBytes may come out of a few compressed ones before the ratio counts.
const freeBytes = 64 << 20

// input is an opened file: decompressed, counted, hashed, in UTF-8.
type input struct {
	name    string
	src     Source
	raw     *counter // bytes as they lie there
	plain   *plainReader
	decoded io.Reader     // the text as UTF-8
	text    *bufio.Reader // the same, for the formats
	closer  []func() error
}

// openInput opens a source, looks through up to two layers of compression and finds its encoding.
func openInput(ctx context.Context, src Source, o Options) (*input, error) {
	f, err := src.Opener()
	if err != nil {
		return nil, err
	}
	in := &input{name: src.Name, src: src, raw: &counter{ctx: ctx, r: f}, closer: []func() error{f.Close}}
	var r io.Reader = in.raw
	for range 2 {
		if r, err = in.inflate(r); err != nil {
			in.close()
			return nil, in.blame(err)
		}
	}
	in.plain = &plainReader{r: r, raw: in.raw, packed: src.Packed, limit: o.Limits.Bytes, ratio: o.Limits.Ratio, sum: sha256.New()}
	text, err := decodeText(in.plain)
	if err != nil {
		in.close()
		return nil, in.blame(err)
	}
	in.decoded = text
	in.text = bufio.NewReaderSize(text, headBytes)
	return in, nil
}

// inflate looks at the first bytes and undoes gzip, Zstandard or bzip2.
func (in *input) inflate(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	magic, err := b.Peek(4)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1F, 0x8B}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, err
		}
		in.closer = append(in.closer, z.Close)
		return z, nil
	case bytes.HasPrefix(magic, []byte{0x28, 0xB5, 0x2F, 0xFD}):
		z, err := zstd.NewReader(b, zstd.WithDecoderMaxWindow(128<<20), zstd.WithDecoderMaxMemory(256<<20), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, err
		}
		in.closer = append(in.closer, func() error { z.Close(); return nil })
		return z, nil
	case bytes.HasPrefix(magic, []byte("BZh")) && len(magic) == 4 && magic[3] >= '1' && magic[3] <= '9':
		return bzip2.NewReader(b), nil
	}
	return b, nil
}

func (in *input) close() {
	for _, v := range slices.Backward(in.closer) {
		_ = v() // it was only read
	}
}

// head returns the first part of the text without taking it away.
func (in *input) head() ([]byte, error) {
	head, err := in.text.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return nil, in.blame(err)
	}
	if len(bytes.TrimSpace(head)) == 0 {
		return nil, in.blame(errEmpty)
	}
	return head, nil
}

// drain reads what no format wanted, so that the key stands for the whole content.
func (in *input) drain() error {
	_, err := io.Copy(io.Discard, in.text)
	return in.blame(err)
}

// blame says which file an error is about, and what can be done.
func (in *input) blame(err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	if _, ok := errors.AsType[*errs.Error](err); ok {
		return err
	}
	e := errs.New(errs.BadInput, "import: %s: %w", in.name, err)
	switch {
	case errors.Is(err, errUnknown):
		_ = e.WithHint("docs/importing.md lists the formats; --mapping FILE describes a table of your own")
	case errors.Is(err, errNoTime):
		_ = e.WithHint("a --mapping file names the column of the time, or the `interval` between rows (docs/importing.md)")
	case errors.Is(err, errBomb), errors.Is(err, errTooLarge):
		_ = e.WithHint("--max-size and --max-ratio raise the limits for a file that you trust")
	}
	return e
}

// counter counts bytes and ends with its context.
type counter struct {
	ctx context.Context
	r   io.Reader
	n   int64
	err error // why no more can be read, other than that it ended
}

func (c *counter) Read(p []byte) (n int, err error) {
	if err = c.ctx.Err(); err == nil {
		n, err = c.r.Read(p)
		c.n += int64(n)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}

// plainReader hashes the decompressed content and guards against what decompresses without end.
type plainReader struct {
	r            io.Reader
	raw          *counter
	limit, ratio int64
	packed       int64 // bytes in an archive, 0 outside of one
	n            int64
	sum          hash.Hash
	cut          bool // the compressed stream ended early or is damaged
}

func (p *plainReader) Read(b []byte) (int, error) {
	n, err := p.r.Read(b)
	p.n += int64(n)
	p.sum.Write(b[:n])
	switch {
	case p.n > p.limit:
		return n, fmt.Errorf("%w of %d bytes", errTooLarge, p.limit)
	case p.n > freeBytes && p.n/p.ratio > p.taken():
		return n, fmt.Errorf("%w: %d bytes from %d", errBomb, p.n, p.taken())
	case p.n > 0 && p.isDamage(err):
		p.cut = true
		return n, io.EOF
	}
	return n, err
}

// taken is how many compressed bytes the content came from.
func (p *plainReader) taken() int64 {
	if p.packed > 0 {
		return min(p.packed, p.raw.n)
	}
	return p.raw.n
}

// isDamage tells a compressed stream that is cut off or damaged, whatever its kind: the decompressor complains and
// the file itself could be read. What came before can still be used.
func (p *plainReader) isDamage(err error) bool {
	return err != nil && !errors.Is(err, io.EOF) && p.raw.err == nil &&
		!errors.Is(err, zstd.ErrWindowSizeExceeded) && !errors.Is(err, zstd.ErrDecoderSizeExceeded)
}

// Key returns what tells contents apart: the SHA-256 of a source's decompressed content and of the options
// that change what it means.
// cut tells that the compressed stream ends early, as [Summary.Cut] does.
func Key(ctx context.Context, src Source, o Options) (key string, cut bool, err error) {
	o = o.orDefaults()
	in, err := openInput(ctx, src, o)
	if err != nil {
		return "", false, err
	}
	defer in.close()
	if err := in.drain(); err != nil {
		return "", false, err
	}
	return in.key(o), in.plain.cut, nil
}

// key is only right once everything was read.
func (in *input) key(o Options) string {
	sum := in.plain.sum.Sum(nil)
	if meaning := o.meaning(); meaning != "" {
		s := sha256.Sum256(append(sum, meaning...))
		sum = s[:]
	}
	return hex.EncodeToString(sum)
}

// meaning is the part of the options that changes what a file says.
func (o Options) meaning() string {
	var b []byte
	if o.ZoneSet {
		b = fmt.Appendf(b, "zone %s\n", o.Zone)
	}
	if !o.Start.IsZero() {
		b = fmt.Appendf(b, "start %d\n", o.Start.UnixMicro())
	}
	if o.KeepImpossible {
		b = append(b, "impossible\n"...)
	}
	if o.Mapping != nil {
		b = fmt.Appendf(b, "mapping %x\n", o.Mapping.sum)
	}
	return string(b)
}
