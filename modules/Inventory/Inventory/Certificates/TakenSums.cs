using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace ModularMonolith.Inventory.Certificates;

/// <summary>
/// Compares what two sides say of each reservation and place, in memory that does not grow with them: each side's quantities, weighted with a hash of reservation and place, are added up in
/// buckets, one side with the opposite sign. A bucket that is 0 at the end agrees in each of its parts (but for a chance of 1 in 2^64); one that is not is looked at again, with all its parts.
/// </summary>
/// <param name="bucketsInDetail">The buckets whose parts are kept; null for none.</param>
internal sealed class TakenSums(IReadOnlySet<int>? bucketsInDetail = null)
{
    private const int Buckets = 1 << 16;

    private readonly ulong[] _sums = new ulong[Buckets];
    private readonly Dictionary<(Guid Reservation, string Place), long> _parts = [];

    /// <summary>The buckets that do not agree.</summary>
    public IEnumerable<int> Suspicious => Enumerable.Range(0, Buckets).Where(bucket => _sums[bucket] != 0);

    /// <summary>The parts of the buckets in detail that do not agree: how many more the first side has.</summary>
    public IEnumerable<(Guid Reservation, string Place, long Difference)> Differences =>
        _parts.Where(static part => part.Value != 0).Select(static part => (part.Key.Reservation, part.Key.Place, part.Value)).OrderBy(static part => part.Reservation).ThenBy(static part => part.Place, StringComparer.Ordinal);

    /// <summary>Adds what one side says, the other with a quantity below 0.</summary>
    public void Add(Guid reservation, string place, long quantity)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        var bytes = new byte[16 + Encoding.UTF8.GetByteCount(place)];
        reservation.TryWriteBytes(bytes);
        Encoding.UTF8.GetBytes(place, bytes.AsSpan(16));
        SHA256.HashData(bytes, hash);
        var bucket = BinaryPrimitives.ReadUInt16LittleEndian(hash[8..]);
        unchecked
        {
            // An odd weight: no multiple of it up to 2^64 is 0.
            _sums[bucket] += (BinaryPrimitives.ReadUInt64LittleEndian(hash) | 1) * (ulong)quantity;
        }

        if (bucketsInDetail?.Contains(bucket) == true)
        {
            _parts[(reservation, place)] = _parts.GetValueOrDefault((reservation, place)) + quantity;
        }
    }
}
