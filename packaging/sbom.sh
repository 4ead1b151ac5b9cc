#!/bin/sh
# Lists what programs were built from, as the compiler wrote it into them: CycloneDX 1.5, one component a module.
#   SOURCE_DATE_EPOCH=SECONDS packaging/sbom.sh PROGRAM...
set -eu

version=$(cat "$(dirname "$0")/VERSION")
when=$(date -u -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
compiler=$(go version "$1" | sed 's/.*: go//')

cat <<END
{
  "bomFormat": "CycloneDX",
  "specVersion": "1.5",
  "version": 1,
  "metadata": {
    "timestamp": "$when",
    "component": {
      "type": "application",
      "bom-ref": "tacit",
      "name": "tacit",
      "version": "$version",
      "licenses": [{"license": {"id": "Apache-2.0"}}]
    }
  },
  "components": [
    {
      "type": "library",
      "bom-ref": "pkg:golang/std@$compiler",
      "name": "std",
      "version": "$compiler",
      "purl": "pkg:golang/std@$compiler"
    }
END
# A module that is replaced is named by what stands for it, on the line after.
go version -m "$@" | awk '$1 == "dep" || $1 == "=>" { print $1, $2, $3, $4 }' | awk '
	$1 == "=>" { line = $2 " " $3 " " $4; next }
	{ if (line) print line; line = $2 " " $3 " " $4 }
	END { if (line) print line }' | LC_ALL=C sort -u | awk '{
	purl = "pkg:golang/" $1 "@" $2
	gsub(/\+/, "%2B", purl)
	printf "    ,{\n      \"type\": \"library\",\n      \"bom-ref\": \"%s\",\n      \"name\": \"%s\",\n      \"version\": \"%s\",\n      \"purl\": \"%s\",\n", purl, $1, $2, purl
	printf "      \"properties\": [{\"name\": \"go.sum\", \"value\": \"%s\"}]\n    }\n", $3
}'
printf '  ]\n}\n'
