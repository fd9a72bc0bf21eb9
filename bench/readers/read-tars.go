// Reads tars from stdin, each behind its length (32 bits, little endian), with Go's archive/tar, as container engines
// do. Prints a line of JSON for each: its entries as [type, name, start of the SHA-256 of the data], or the error.
package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
)

type answer struct {
	Entries [][3]string `json:"entries"`
	Error   string      `json:"error"`
}

func main() {
	in := bufio.NewReader(os.Stdin)
	out := json.NewEncoder(os.Stdout)
	for {
		var length uint32
		if binary.Read(in, binary.LittleEndian, &length) != nil {
			return
		}
		archive := make([]byte, length)
		if _, err := io.ReadFull(in, archive); err != nil {
			panic(err)
		}
		out.Encode(read(archive))
	}
}

func read(archive []byte) answer {
	found := answer{Entries: [][3]string{}}
	reader := tar.NewReader(bytes.NewReader(archive))
	for {
		header, err := reader.Next()
		if err == io.EOF {
			return found
		}
		sum := sha256.New()
		if err == nil {
			_, err = io.Copy(sum, io.LimitReader(reader, 1<<26))
		}
		if err != nil {
			found.Error = err.Error()
			return found
		}
		hash := hex.EncodeToString(sum.Sum(nil))[:12]
		found.Entries = append(found.Entries, [3]string{string(header.Typeflag), header.Name, hash})
	}
}
