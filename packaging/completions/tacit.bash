# bash completion of tacit: its options, and what may follow them.
_tacit() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	case $prev in
	--profile) mapfile -t COMPREPLY < <(compgen -d -- "$cur") ;;
	--passphrase-file) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
	--listen) mapfile -t COMPREPLY < <(compgen -W 'lan loopback' -- "$cur") ;;
	--title | --size | --name) ;;
	*) mapfile -t COMPREPLY < <(compgen -W '--profile --listen --title --size --name --passphrase-file --minimised --trace-start --version' -- "$cur") ;;
	esac
}
complete -o filenames -F _tacit tacit
