using System.Collections.Concurrent;
using System.Reflection;
using Marten.Exceptions;
using Marten.Linq.Translation;
using Marten.Schema;
using Serializer = JasperFx.Events.IEventBinarySerializer;

namespace Marten.Events;

/// <summary>Which event types of a store are stored in a binary form, in the column bdata; their column data holds an empty object.</summary>
internal sealed class BinaryEvents
{
    /// <summary>What stands in the column data of a binary event.</summary>
    public static readonly ReadOnlyMemory<byte> Placeholder = "{}"u8.ToArray();

    private readonly ConcurrentDictionary<Type, Serializer?> known = new();
    private readonly Dictionary<Type, Serializer> declared = [];

    public Serializer? Default { get; set; }

    /// <summary>Whether events may be written in a binary form, so that statements need the column.</summary>
    public bool IsUsed => Default is not null || declared.Count > 0;

    public void Declare(Type type, Serializer serializer)
    {
        ArgumentNullException.ThrowIfNull(serializer);
        declared[type] = serializer;
    }

    /// <summary>The bytes of a body; null when its type is stored as JSON.</summary>
    /// <exception cref="InvalidOperationException">The type is marked as binary and nothing serializes it.</exception>
    public byte[]? Serialize(Type type, object body)
    {
        if (SerializerFor(type) is { } serializer)
            return serializer.Serialize(type, body);
        return IsMarked(type)
            ? throw new InvalidOperationException(
                $"{type.FullName} is marked with [BinaryEvent], and nothing serializes it. Set Events.DefaultBinarySerializer, or call Events.UseBinarySerializer<{type.Name}>(...).")
            : null;
    }

    public Serializer? SerializerFor(Type type) =>
        known.GetOrAdd(type, static (t, own) => own.declared.TryGetValue(t, out var explicitly) ? explicitly : IsMarked(t) ? own.Default : null, this);

    /// <summary>The body of a type from its bytes.</summary>
    public object Deserialize(Type type, byte[] data) => SerializerFor(type) is { } serializer
        ? serializer.Deserialize(type, data)
        : throw new NotSupportedException($"It is stored in a binary form, and nothing reads that of {type.Name}. Set Events.DefaultBinarySerializer, or call Events.UseBinarySerializer<{type.Name}>(...).");

    private static bool IsMarked(Type type) => type.IsDefined(typeof(BinaryEventAttribute), false);
}

/// <summary>The bodies of events whose members the database cannot see.</summary>
internal sealed class BinaryScope(Type type) : QueryScope
{
    public override Type Type => type;

    public override string JsonSql => throw Refusal();

    public override SqlMember Locate(IReadOnlyList<MemberInfo> path) => throw Refusal();

    private BadLinqExpressionException Refusal() => new(
        $"The bodies of {type.Name} are stored in a binary form, so the database sees none of their members. Query the events with QueryAllRawEvents(), or read the bodies and filter them in memory.");
}
