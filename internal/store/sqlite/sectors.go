package sqlite

import (
	"context"
	"crypto/aes"
	"io"

	"golang.org/x/crypto/xts"
)

// Pages are copied between a plain and an encrypted file as they are: XTS keeps every length, so that an encrypted
// file is the plain one with each sector turned by its number. A copy is thus exact, whatever the schema.

// turner turns the sectors of a file in one direction; the plain engine leaves them.
type turner func(sectors []byte, first uint64)

func reading(e Engine) (turner, error) {
	return turning(e, func(c *xts.Cipher, p []byte, n uint64) { c.Decrypt(p, p, n) })
}

func writing(e Engine) (turner, error) {
	return turning(e, func(c *xts.Cipher, p []byte, n uint64) { c.Encrypt(p, p, n) })
}

func turning(e Engine, turn func(*xts.Cipher, []byte, uint64)) (turner, error) {
	key, ok := e.(Encrypted)
	if !ok {
		return func([]byte, uint64) {}, nil
	}
	cipher, err := xts.NewCipher(aes.NewCipher, key.Key[:])
	if err != nil {
		return nil, err
	}
	return func(p []byte, first uint64) {
		for ; len(p) >= sector; p, first = p[sector:], first+1 {
			turn(cipher, p[:sector], first)
		}
	}, nil
}

// Progress is told how many bytes of how many are done; a total of 0 is not known.
type Progress func(done, total int64)

func (p Progress) say(done, total int64) {
	if p != nil {
		p(done, total)
	}
}

// stream copies whole sectors from r to w, each turned by those given, until the end of r.
func stream(ctx context.Context, w io.Writer, r io.Reader, total int64, p Progress, turns ...turner) (int64, error) {
	buffer := make([]byte, 1<<20)
	var done int64
	for {
		if err := ctx.Err(); err != nil {
			return done, err
		}
		n, err := io.ReadFull(r, buffer)
		if n%sector != 0 {
			return done, io.ErrUnexpectedEOF // every database is whole sectors long
		}
		for _, turn := range turns {
			turn(buffer[:n], uint64(done/sector))
		}
		if _, err := w.Write(buffer[:n]); err != nil {
			return done, writeError{err}
		}
		done += int64(n)
		p.say(done, total)
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return done, nil
		default:
			return done, err
		}
	}
}

// writeError marks that a copy ended at the side of its writer.
type writeError struct{ error }

func (e writeError) Unwrap() error { return e.error }
