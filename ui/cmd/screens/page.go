package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// writePage writes the page that shows the pictures in three columns.
func writePage(path, pictures string) error {
	where, err := filepath.Rel(filepath.Dir(path), pictures)
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("# Every screen\n\n")
	b.WriteString("`make screens` opens the window over people in memory, goes through its screens in each language and writes these\n" +
		"pictures: `screenshots/LANGUAGE/PALETTE/NAME.png`. The table of the screens is in `ui/cmd/screens/scenes.go`.\n")
	for _, mode := range palettes {
		fmt.Fprintf(&b, "\n## %s\n\n| | English | Français | العربية |\n| --- | --- | --- | --- |\n", strings.ToUpper(string(mode[:1]))+string(mode[1:]))
		for _, sc := range scenes {
			fmt.Fprintf(&b, "| %s |", sc.name)
			for _, l := range []string{"en", "fr", "ar"} {
				file := filepath.ToSlash(filepath.Join(where, l, string(mode), sc.name+".png"))
				fmt.Fprintf(&b, ` <a href="%s"><img src="%s" width="300" alt="%s"></a> |`, file, file, sc.name)
			}
			b.WriteString("\n")
		}
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
