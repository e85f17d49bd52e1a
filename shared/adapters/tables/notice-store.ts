import { LostRace, type Notice, type NoticeStore } from '../../ports.ts';
import { noticeKey, partitionOf } from './lane-rows.ts';
import { fromRow, toRow } from './row.ts';
import { Conflict, type Table } from './table.ts';

/** Notices lie in their lane's partition of `Lanes`, each under an ETag of its own. */
export function noticeStore(table: Table): NoticeStore {
  return {
    async get(lane, subject) {
      const row = await table.get(partitionOf(lane), noticeKey(subject));
      return row === null ? null : { notice: fromRow<Notice>(row), etag: row.etag };
    },

    async save(lane, notice, etag) {
      const row = toRow(partitionOf(lane), noticeKey(notice.subject), notice);
      try {
        return await table.write(etag === null ? { write: 'create', row } : { write: 'replace', row, etag });
      } catch (error) {
        if (error instanceof Conflict)
          throw new LostRace(`the notice of ${notice.subject} was changed by somebody else`, { cause: error });
        throw error;
      }
    },
  };
}
