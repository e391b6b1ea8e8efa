using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using JasperFx.Events;
using Marten;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Platform.Audit;

/// <summary>The resources that a unit of work changes: the first ones, and how many there are.</summary>
/// <param name="most">How many are named at most.</param>
internal sealed class ChangeList(int most = ChangeList.Most)
{
    /// <summary>How many resources one entry names.</summary>
    public const int Most = 100;

    private const int MostCharacters = 30_000;
    private const int MostEvents = 10;
    private const int LongestName = 100;
    private const int LongestId = 200;
    private const string DocumentTable = "mt_doc_";

    private readonly List<AuditedChange> _first = [];
    private int _characters;

    public IReadOnlyList<AuditedChange> First => _first;

    public int Count { get; private set; }

    /// <summary>Reads what a session is about to save. What inline projections make of the streams is known to the streams only.</summary>
    public static ChangeList Of(IDocumentSession session, DocumentNames names, int most = Most)
    {
        var changes = new ChangeList(most);
        var pending = session.PendingChanges;
        foreach (var stream in pending.Streams().Where(static stream => stream.Events.Count > 0))
        {
            changes.Add(stream);
        }

        changes.AddAll(session, names, pending.Inserts(), "inserted");
        changes.AddAll(session, names, pending.Updates(), "stored");
        foreach (var deletion in pending.Deletions())
        {
            // A deletion by a condition has the condition in place of the id.
            changes.Add(names.TypeOf(session, deletion.DocumentType), deletion.Id is System.Linq.Expressions.Expression ? "*" : Text(deletion.Id), "deleted");
        }

        return changes;
    }

    public void Add(string type, string id, string change) => Add(new AuditedChange(Cut(type, LongestName), Cut(id, LongestId), change));

    /// <summary>Divides what is named here over lists that each fit into an entry.</summary>
    public IEnumerable<ChangeList> InParts()
    {
        foreach (var part in _first.Chunk(Most))
        {
            var changes = new ChangeList();
            Array.ForEach(part, changes.Add);
            yield return changes;
        }
    }

    private void AddAll(IDocumentSession session, DocumentNames names, IEnumerable<object> documents, string change)
    {
        foreach (var document in documents)
        {
            // The stored answer of a request belongs to the entry of what was asked for.
            if (document is not IdempotencyRecord)
            {
                Add(names.TypeOf(session, document.GetType()), names.IdOf(document), change);
            }
        }
    }

    private void Add(StreamAction stream)
    {
        var version = stream.ActionType == StreamActionType.Start ? 0 : stream.ExpectedVersionOnServer;
        Add(new AuditedChange(
            "stream",
            Cut(stream.Key ?? stream.Id.ToString(), LongestId),
            stream.ActionType == StreamActionType.Start ? "started" : "appended",
            [.. stream.Events.Select(static added => Cut(added.EventTypeName, LongestName)).Distinct().Take(MostEvents)],
            version + stream.Events.Count));
    }

    private void Add(AuditedChange change)
    {
        Count++;
        if (_first.Count >= most)
        {
            return;
        }

        _characters += change.Type.Length + change.Id.Length + (change.Events?.Sum(static name => name.Length) ?? 0);
        if (most > Most || _characters < MostCharacters)
        {
            _first.Add(change);
        }
    }

    private static string Text(object? id) => Convert.ToString(id, CultureInfo.InvariantCulture) ?? string.Empty;

    private static string Cut(string text, int length) => AuditNote.Clean(text.Length <= length ? text : text[..length])!;

    /// <summary>The stored names of document types, and the ids of documents.</summary>
    internal sealed class DocumentNames
    {
        private readonly ConcurrentDictionary<Type, Func<object, object?>> _ids = new();
        private readonly ConcurrentDictionary<Type, string> _types = new();

        public string TypeOf(IDocumentSession session, Type type)
        {
            if (_types.TryGetValue(type, out var known))
            {
                return known;
            }

            var table = session.DocumentStore.Options.Schema.For(type, qualified: false).Trim('"');
            return _types.GetOrAdd(type, table.StartsWith(DocumentTable, StringComparison.Ordinal) ? table[DocumentTable.Length..] : table);
        }

        public string IdOf(object document) => Text(_ids.GetOrAdd(document.GetType(), static type => Reader(type))(document));

        private static Func<object, object?> Reader(Type type) =>
            type.GetProperty("Id", BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase) is { CanRead: true } property ? property.GetValue : static _ => null;
    }
}
