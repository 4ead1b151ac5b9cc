# bash completion of tacitd: its commands, their options, and what may follow them.
_tacitd() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} words
	case $prev in
	--profile | --data) mapfile -t COMPREPLY < <(compgen -d -- "$cur"); return ;;
	--to | --from | --passphrase-file | --backup-passphrase-file) mapfile -t COMPREPLY < <(compgen -f -- "$cur"); return ;;
	--protocol) mapfile -t COMPREPLY < <(compgen -W 'quic tcp' -- "$cur"); return ;;
	--listen)
		[ "${COMP_WORDS[1]}" = mailbox ] || mapfile -t COMPREPLY < <(compgen -W 'lan loopback' -- "$cur")
		return
		;;
	--name | --public | --postgres | --quota | --accounts | --metrics) return ;;
	esac
	case "${COMP_WORDS[1]} ${COMP_WORDS[2]-}" in
	init\ *) words='--profile --name --passphrase-file' ;;
	run\ *) words='--profile --passphrase-file --listen --protocol' ;;
	backup\ *) words='--profile --to --history --replace --passphrase-file --backup-passphrase-file' ;;
	restore\ *) words='--from --profile --passphrase-file --backup-passphrase-file' ;;
	mailbox\ invite) words='--data --postgres' ;;
	mailbox\ backup) words='--data --to' ;;
	mailbox\ *) words='--data --listen --public --postgres --closed --quota --accounts --metrics --allow-private' ;;
	esac
	case $COMP_CWORD,${COMP_WORDS[1]} in
	1,*) words='init run backup restore mailbox --version' ;;
	2,mailbox) words="invite backup $words" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
}
complete -o filenames -F _tacitd tacitd
