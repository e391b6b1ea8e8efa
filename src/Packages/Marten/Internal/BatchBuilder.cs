using System.Buffers;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Internal;

/// <summary>
/// The statements of one unit of work, sent in one round trip. JSON is written as UTF-8 into pooled memory, which is given
/// back when the builder is disposed: after the batch was executed.
/// </summary>
internal sealed class BatchBuilder(ISerializer serializer) : IDisposable
{
    private readonly List<PooledBuffer> buffers = [];

    public NpgsqlBatch Batch { get; } = new();

    /// <summary>Adds a statement with positional parameters, to be added to the result in their order.</summary>
    public NpgsqlBatchCommand Add(string sql)
    {
        var command = new NpgsqlBatchCommand(sql);
        Batch.BatchCommands.Add(command);
        return command;
    }

    public void Add(NpgsqlBatchCommand command) => Batch.BatchCommands.Add(command);

    /// <summary>Adds a value as a jsonb parameter.</summary>
    public void AddJson(NpgsqlBatchCommand command, object? value) =>
        command.Parameters.Add(new NpgsqlParameter<ReadOnlyMemory<byte>> { TypedValue = Serialize(value), NpgsqlDbType = NpgsqlDbType.Jsonb });

    /// <summary>The JSON of a value, valid until the builder is disposed.</summary>
    public ReadOnlyMemory<byte> Serialize(object? value)
    {
        var buffer = new PooledBuffer();
        buffers.Add(buffer);
        serializer.WriteTo(buffer, value);
        return buffer.WrittenMemory;
    }

    public void Dispose()
    {
        Batch.Dispose();
        foreach (var buffer in buffers)
            buffer.Dispose();
        buffers.Clear();
    }
}

/// <summary>Growing memory from the shared pool.</summary>
internal sealed class PooledBuffer : IBufferWriter<byte>, IDisposable
{
    private byte[] memory = ArrayPool<byte>.Shared.Rent(1024);
    private int written;

    public ReadOnlyMemory<byte> WrittenMemory => memory.AsMemory(0, written);

    public void Clear() => written = 0;

    public void Advance(int count) => written += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return memory.AsMemory(written);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return memory.AsSpan(written);
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(memory);
        memory = [];
        written = 0;
    }

    private void Reserve(int sizeHint)
    {
        if (memory.Length - written >= Math.Max(sizeHint, 1))
            return;
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(memory.Length * 2, written + sizeHint));
        memory.AsSpan(0, written).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(memory);
        memory = larger;
    }
}
