using Marten.Schema;

namespace Marten.Internal.Operations;

/// <summary>
/// Puts the operations of a unit of work into an order that foreign keys allow: documents are written behind those that they
/// refer to and deleted before them. SQL of the caller, deletions by condition and documents that are both deleted and
/// written keep their places, and what is queued around them keeps its side.
/// </summary>
internal static class WriteOrder
{
    public static void Arrange(List<IStorageOperation> operations, StoreOptions options)
    {
        if (!operations.Exists(o => o.DocumentType is { } type && HasKeys(type, options)))
            return;
        var start = 0;
        for (var i = 0; i <= operations.Count; i++)
        {
            if (i < operations.Count && IsMovable(operations[i]))
                continue;
            ArrangePart(operations, start, i - start, options);
            start = i + 1;
        }
    }

    /// <summary>How many references lead from a type to one that refers to nothing.</summary>
    public static int RankOf(DocumentMapping mapping) => Rank(mapping.Root, []);

    private static int Rank(DocumentMapping mapping, HashSet<DocumentMapping> seen) =>
        seen.Add(mapping) ? mapping.ForeignKeys.Select(k => k.Reference.Root).Where(r => r != mapping).Select(r => 1 + Rank(r, [.. seen])).DefaultIfEmpty(0).Max() : 0;

    private static bool HasKeys(Type type, StoreOptions options) => type != typeof(JasperFx.Events.IEvent) && options.MappingFor(type).ForeignKeys.Count > 0;

    private static bool IsMovable(IStorageOperation operation) => operation is DocumentWrite or DeleteById;

    private static void ArrangePart(List<IStorageOperation> operations, int start, int count, StoreOptions options)
    {
        if (count < 2)
            return;
        var part = operations.GetRange(start, count);
        var written = part.OfType<DocumentWrite>().Select(w => (options.MappingFor(w.DocumentType).Root, w.Id)).ToHashSet();
        if (part.OfType<DeleteById>().Any(d => written.Contains((options.MappingFor(d.DocumentType).Root, d.Id))))
            return;
        var ordered = part.OfType<DocumentWrite>().OrderBy(w => RankOf(options.MappingFor(w.DocumentType))).Cast<IStorageOperation>()
            .Concat(part.OfType<DeleteById>().OrderByDescending(d => RankOf(options.MappingFor(d.DocumentType))));
        var position = start;
        foreach (var operation in ordered)
            operations[position++] = operation;
    }
}
