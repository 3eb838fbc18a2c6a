<?php
// NDR Doctor in MediaWiki: put this at the end of LocalSettings.php, with your address in it. In a page then,
// <ndr-doctor lang="es" code="4.4.316" /> shows it.

$wgHooks['ParserFirstCallInit'][] = static function ( Parser $parser ) {
	$parser->setHook( 'ndr-doctor', static function ( $text, array $attributes ) {
		$query = array_intersect_key( $attributes, array_flip( [ 'lang', 'theme', 'code', 'role' ] ) );
		return Html::element( 'iframe', [
			'src' => 'https://tools.example/ndr/embed.html?' . wfArrayToCgi( $query ),
			'title' => 'NDR Doctor',
			'width' => '100%',
			'height' => '700',
			'allow' => 'clipboard-write',
			'style' => 'border: 0',
		] );
	} );
};
