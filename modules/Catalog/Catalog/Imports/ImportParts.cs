using Marten;
using Npgsql;

namespace ModularMonolith.Catalog.Imports;

/// <summary>Files that were accepted and wait for their import, in parts that fit into memory, where every host finds them.</summary>
internal sealed class ImportParts(CatalogDatabase database)
{
    public const string Script = """
        create table if not exists import_part (
            import_id uuid not null,
            number int not null,
            content bytea not null,
            received_at timestamptz not null default now(),
            primary key (import_id, number)
        );
        -- What is compressed already, or small, gains nothing.
        alter table import_part alter column content set storage external;
        """;

    private const int PartBytes = 1 << 20;

    /// <summary>Keeps a file. Until its import is accepted nobody knows of it.</summary>
    public async Task KeepAsync(Guid importId, UploadedFile file, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // Of files whose acceptance did not come to its end, and of imports that an operator has discarded.
        await using var forget = new NpgsqlCommand("delete from import_part where received_at < now() - interval '7 days'", connection);
        await forget.ExecuteNonQueryAsync(cancellationToken);
        var number = 0;
        await foreach (var part in file.ReadPartsAsync(PartBytes, cancellationToken))
        {
            await using var insert = new NpgsqlCommand("insert into import_part (import_id, number, content) values ($1, $2, $3)", connection)
            {
                Parameters = { new() { Value = importId }, new() { Value = number++ }, new() { Value = part } },
            };
            await insert.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    /// <summary>A kept file; null when it is gone.</summary>
    public async Task<UploadedFile?> FindAsync(Guid importId, CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var parts = new PartStream(connection, importId);
        return await parts.StartAsync(cancellationToken) ? await UploadedFile.ReceiveAsync(parts, UploadedFile.CreateTemporary, UploadedFile.MaximumBytes, cancellationToken) : null;
    }

    public static void Remove(IDocumentSession session, Guid importId) => session.QueueSqlCommand("delete from import_part where import_id = ?", importId);

    private sealed class PartStream(NpgsqlConnection connection, Guid importId) : Stream
    {
        private ReadOnlyMemory<byte> _part;
        private int _next;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        /// <summary>Reads the first part.</summary>
        /// <returns>Whether there is one.</returns>
        public async Task<bool> StartAsync(CancellationToken cancellationToken)
        {
            await using var command = new NpgsqlCommand("select content from import_part where import_id = $1 and number = $2", connection)
            {
                Parameters = { new() { Value = importId }, new() { Value = _next++ } },
            };
            if (await command.ExecuteScalarAsync(cancellationToken) is not byte[] content)
            {
                return false;
            }

            _part = content;
            return true;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_part.IsEmpty && !await StartAsync(cancellationToken))
            {
                return 0;
            }

            var count = Math.Min(buffer.Length, _part.Length);
            _part[..count].CopyTo(buffer);
            _part = _part[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
