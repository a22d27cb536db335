/** Words after which a full stop does not end a sentence, lower case and without the stop. */
export const ABBREVIATIONS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['ru', words(`гг вв ул пр просп пер кв корп стр см ср напр тыс млн млрд руб коп рис им др проч обл мин сек час тел доб
    проф доц акад св оз пос дер рожд англ лат нем рус букв пп тт чел экз изд прим гл ст`)],
  ['en', words(`mr mrs ms dr st vs etc approx no nos jr sr inc ltd co corp pp vol dept est fig prof rev gen col capt lt
    sgt ave blvd rd apt ext cf al ca`)],
]);

/** Words that nobody ends a sentence with: a pause after one is the speaker looking for the next word. */
export const DANGLING: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['ru', words(`в во на с со к ко у о об обо от ото до из изо за по под подо над для без безо при про через между
    перед передо около возле и а но или либо что чтобы если не ни потому который которая которое которые которого
    которой которую которых`)],
  // Not in, on, by, about, is, are …: `come on`, `what about`, `yes they are`.
  ['en', words(`the a an and or but if because than of to into onto with from for at my your its our their whose which
    very`)],
]);

/** English days and months that are nothing else as well (so not march, may, august, sat, sun). */
export const ENGLISH_NAMES: ReadonlySet<string> = words(`monday tuesday wednesday thursday friday saturday sunday january
  february april june july september october november december`);

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}
