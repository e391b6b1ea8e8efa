using JasperFx.Events.Projections;
using Marten;

namespace ModularMonolith.Benchmarks.Stores;

/// <summary>The work of the table, on stores with default settings.</summary>
internal sealed class StoreWork : IAsyncDisposable
{
    private const int KnownNotes = 20_000;
    private const int KnownStreams = 200;

    private readonly DocumentStore _documents;
    private readonly DocumentStore _snapshots;
    private readonly Note[] _notes = [.. Enumerable.Range(0, KnownNotes).Select(_ => Note.Next())];
    private readonly Guid[] _streams = [.. Enumerable.Range(0, KnownStreams).Select(_ => Guid.CreateVersion7())];
    private readonly Handwritten _byHand;

    public StoreWork(string connectionString, Handwritten byHand)
    {
        _byHand = byHand;
        _documents = DocumentStore.For(options =>
        {
            options.Connection(connectionString);
            options.Schema.For<IndexedNote>().Index(note => note.Author);
        });
        _snapshots = DocumentStore.For(options =>
        {
            options.Connection(connectionString);
            options.DatabaseSchemaName = "snapshots";
            options.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
        });
    }

    public IReadOnlyList<Work> All =>
    [
        new("Store + SaveChanges", _ => StoreAsync(), 0.95, 0.90),
        new("StartStream of 3 events", _ => StartStreamAsync(_documents), 0.80, 0.60),
        new("the same with an inline snapshot", _ => StartStreamAsync(_snapshots), 0.60, 0.45),
        new("FetchForWriting + one event, inline snapshot", AppendAsync, 0.45, 0.35),
        new("LoadAsync by id", _ => LoadAsync(), 2.3, 2.8),
        new("LINQ by an indexed member", _ => FindAsync(), 1.5, 1.8),
        new("hand-written load", _ => _byHand.LoadAsync(AnyNote().Id)),
    ];

    public async Task PrepareAsync()
    {
        await _documents.BulkInsertAsync(_notes);
        await _documents.BulkInsertAsync(_notes.Select(note => new IndexedNote { Id = note.Id, Author = note.Author, Note = note }).ToList());
        await _byHand.CopyAsync(_notes);
        foreach (var stream in _streams)
        {
            await using var session = _snapshots.LightweightSession();
            session.Events.StartStream<Account>(stream, Account.ThreeEvents());
            await session.SaveChangesAsync();
        }
    }

    public Task BulkInsertAsync(IReadOnlyList<Note> notes) => _documents.BulkInsertAsync(notes);

    public async ValueTask DisposeAsync()
    {
        await _documents.DisposeAsync();
        await _snapshots.DisposeAsync();
    }

    private Note AnyNote() => _notes[Random.Shared.Next(_notes.Length)];

    private async Task StoreAsync()
    {
        await using var session = _documents.LightweightSession();
        session.Store(Note.Next());
        await session.SaveChangesAsync();
    }

    private static async Task StartStreamAsync(DocumentStore store)
    {
        await using var session = store.LightweightSession();
        session.Events.StartStream<Account>(Guid.CreateVersion7(), Account.ThreeEvents());
        await session.SaveChangesAsync();
    }

    // Each session has streams of its own: what is measured is the work and not a conflict.
    private async Task AppendAsync(int number)
    {
        var own = KnownStreams / StoreBench.Sessions;
        await using var session = _snapshots.LightweightSession();
        var stream = await session.Events.FetchForWriting<Account>(_streams[(number * own) + Random.Shared.Next(own)]);
        stream.AppendOne(new Deposited(5, "again"));
        await session.SaveChangesAsync();
    }

    private async Task LoadAsync()
    {
        await using var session = _documents.QuerySession();
        _ = await session.LoadAsync<Note>(AnyNote().Id) ?? throw new InvalidOperationException("A stored note was not found.");
    }

    private async Task FindAsync()
    {
        var author = AnyNote().Author;
        await using var session = _documents.QuerySession();
        var found = await session.Query<IndexedNote>().Where(note => note.Author == author).Take(10).ToListAsync();
        if (found.Count == 0)
        {
            throw new InvalidOperationException("An author's notes were not found.");
        }
    }
}
