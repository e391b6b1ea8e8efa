using System.Data;
using System.Globalization;
using ModularMonolith.Platform.Http;
using Npgsql;

namespace ModularMonolith.Platform.Audit;

/// <summary>A place up to which the chain has been found right: a position and the hash that stands there.</summary>
/// <param name="Position">The position.</param>
/// <param name="Hash">The hash in hexadecimal, lower case.</param>
internal sealed record ChainPlace(long Position, string Hash)
{
    /// <summary>Reads what an operator has kept: <c>position:hash</c>.</summary>
    /// <exception cref="ProblemException">400: it has another form.</exception>
    public static ChainPlace? Parse(string? text) => text switch
    {
        null or "" => null,
        _ when text.Split(':') is [var position, { Length: 64 } hash] && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && hash.All(char.IsAsciiHexDigit) =>
            new ChainPlace(number, hash.ToLowerInvariant()),
        _ => throw new ProblemException(ProblemTypes.MalformedRequest, "head is a position, a colon and the 64 hexadecimal digits of the hash, as /api/audit/head shows them."),
    };
}

/// <summary>Computes the chain anew, a part at a time.</summary>
internal sealed class AuditVerifier(AuditDatabase database)
{
    /// <summary>Entries that one part looks at.</summary>
    public const int PartSize = 5_000;

    /// <summary>Verifies the entries behind a place, the chain's beginning when it is null. Where a head is given that was kept elsewhere, the chain has to contain it.</summary>
    /// <returns>What was found, and the place from which the next part goes on; null at the end and where something is wrong.</returns>
    /// <exception cref="ProblemException">409: the kept head is older than what retention has left.</exception>
    public async Task<(AuditVerification Found, ChainPlace? Next)> VerifyAsync(ChainPlace? after, ChainPlace? kept, CancellationToken cancellationToken)
    {
        // One snapshot, because sealing and retention go on meanwhile.
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var (end, begin) = await EndsAsync(connection, cancellationToken);
        if (kept is not null && await CompareAsync(connection, kept, end, begin, cancellationToken) is { } difference)
        {
            return (difference, null);
        }

        var place = after is null || after.Position < begin.Position ? begin : after;
        var (count, reached, bad) = await FollowAsync(connection, place, cancellationToken);
        var isLast = count < PartSize;
        bad ??= isLast ? CompareEnd(reached, end) : null;
        return bad is not var (position, finding)
            ? (new AuditVerification(true, count, reached.Position, null, null, null), isLast ? null : reached)
            : (new AuditVerification(false, count, reached.Position, position, finding, null), null);
    }

    private static async Task<(ChainPlace End, ChainPlace Begin)> EndsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select position, encode(hash, 'hex'), removed_position, encode(removed_hash, 'hex') from audit.chain", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (new ChainPlace(reader.GetInt64(0), reader.GetString(1)), new ChainPlace(reader.GetInt64(2), reader.GetString(3)))
            : throw new InvalidOperationException("The table audit.chain is empty: somebody has deleted its row. Restore it from a backup, or take position and hash from the last entry.");
    }

    private static async Task<AuditVerification?> CompareAsync(NpgsqlConnection connection, ChainPlace kept, ChainPlace end, ChainPlace begin, CancellationToken cancellationToken)
    {
        if (kept.Position < begin.Position)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"The entries up to position {begin.Position} are past their time and were removed, so a head at position {kept.Position} shows nothing any more. Compare with a newer one.");
        }

        await using var command = new NpgsqlCommand("select encode(hash, 'hex') from audit.entry where position = $1", connection);
        command.Parameters.AddWithValue(kept.Position);
        var found = kept.Position == begin.Position ? begin.Hash : await command.ExecuteScalarAsync(cancellationToken) as string;
        return found == kept.Hash ? null : new AuditVerification(false, 0, begin.Position, kept.Position, found is null
            ? $"The kept head stands at position {kept.Position}, and there is no such entry: the chain ends at {end.Position}. Entries were removed."
            : "The kept head has another hash: the chain was written anew up to here.", null);
    }

    private static async Task<(int Count, ChainPlace Reached, (long Position, string Finding)? Bad)> FollowAsync(
        NpgsqlConnection connection, ChainPlace place, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select {StoredEntry.Columns} from audit.entry e where e.position > $1 order by e.position limit $2", connection);
        command.Parameters.AddWithValue(place.Position);
        command.Parameters.AddWithValue(PartSize);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (count, position, hash) = (0, place.Position, Convert.FromHexString(place.Hash));
        (long, string)? bad = null;
        while (bad is null && await reader.ReadAsync(cancellationToken))
        {
            var entry = StoredEntry.Read(reader);
            count++;
            if (entry.Position != position + 1)
            {
                bad = (position + 1, "The entry at this position is missing.");
            }
            else if (AuditChain.HashOf(hash, entry) is var expected && !expected.AsSpan().SequenceEqual(entry.Hash))
            {
                bad = (entry.Position, "The entry at this position, or its hash, is not what it was when it was sealed.");
            }
            else
            {
                (position, hash) = (entry.Position, expected);
            }
        }

        return (count, new ChainPlace(position, Convert.ToHexStringLower(hash)), bad);
    }

    private static (long, string)? CompareEnd(ChainPlace reached, ChainPlace end) => (reached.Position - end.Position) switch
    {
        < 0 => (reached.Position + 1, $"The entry at this position is missing; the chain's end is at {end.Position}."),
        > 0 => (end.Position + 1, "The entry at this position was not sealed by the host: it stands behind the chain's end."),
        0 when reached.Hash != end.Hash => (end.Position, "The chain's end has another hash than the entry at its position."),
        _ => null,
    };
}
