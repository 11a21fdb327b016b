import { watch, type FSWatcher } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** An editor saves in several steps, and a checkout touches many files: what comes together is one change. */
const QUIET_MS = 150;

export interface WatchedFiles {
  workspace: string;
  /** The folder of the workspace that is watched with all that is below it. */
  folder: 'agents' | 'tools';
  /** Beside it, relative to the workspace. Asked again after each change. */
  more: () => Iterable<string>;
  onChange: () => void;
  onError: (error: Error) => void;
}

/**
 * Tells of changes in one folder, below it, and in the other files named; also when the folder comes later. Folders are
 * watched, not files, because most editors put a new file in the place of the old one.
 */
export class FilesWatch {
  private watchers: FSWatcher[] = [];
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly files: WatchedFiles) {
    this.arm();
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    this.disarm();
  }

  private arm(): void {
    const { workspace, folder: watched, more } = this.files;
    this.add(join(workspace, watched), { recursive: true }, () => true);
    this.add(workspace, {}, (name) => name === watched);
    const folders = Map.groupBy(more(), dirname);
    for (const [folder, paths] of folders) {
      const names = new Set(paths.map((path) => basename(path)));
      this.add(join(workspace, folder), {}, (name) => names.has(name));
    }
  }

  private add(path: string, options: { recursive?: true }, isOurs: (name: string) => boolean): void {
    try {
      const watcher = watch(path, { ...options, persistent: false });
      watcher.on('change', (_, name) => {
        // Without a name anything may have changed.
        if (name === null || isOurs(String(name))) this.changed();
      });
      watcher.on('error', (error) => this.failed(error));
      this.watchers.push(watcher);
    } catch (error) {
      this.failed(error);
    }
  }

  /** A folder that is not there, or no longer, is nobody's mistake. */
  private failed(error: unknown): void {
    if (error instanceof Error && !('code' in error && error.code === 'ENOENT')) this.files.onError(error);
  }

  private changed(): void {
    if (this.closed) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.refresh(), QUIET_MS);
  }

  /** Watches before it has the files read, so that nothing comes in between; again when they name other files. */
  private refresh(): void {
    const before = [...this.files.more()].join('\0');
    this.disarm();
    this.arm();
    this.files.onChange();
    if (!this.closed && [...this.files.more()].join('\0') !== before) this.changed();
  }

  private disarm(): void {
    for (const watcher of this.watchers.splice(0)) watcher.close();
  }
}
