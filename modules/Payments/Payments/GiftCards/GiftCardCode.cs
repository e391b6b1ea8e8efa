using System.Security.Cryptography;
using System.Text;

namespace ModularMonolith.Payments.GiftCards;

/// <summary>
/// The code of a gift card: 19 random characters and a check character, in five groups. The alphabet is that of Crockford's Base32, without I, L, O and U; the check is the Luhn algorithm
/// modulo 32, which finds every wrong character and nearly every exchange of neighbours.
/// </summary>
internal static class GiftCardCode
{
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Length = 20;
    private const int Group = 4;
    private const int LongestInput = 100;

    /// <summary>A new code: 95 random bits.</summary>
    public static string New()
    {
        var payload = RandomNumberGenerator.GetString(Alphabet, Length - 1);
        return Show(payload + Alphabet[CheckOf(payload)]);
    }

    /// <summary>The code as it is compared: without blanks and hyphens, in upper case, with the digits that were taken for letters.</summary>
    /// <returns>Null when it can be no code.</returns>
    public static string? Normalise(string? written)
    {
        if (written is not { Length: <= LongestInput })
        {
            return null;
        }

        var code = new StringBuilder(Length);
        foreach (var character in written)
        {
            if (character is not (' ' or '-'))
            {
                code.Append(char.ToUpperInvariant(character) switch
                {
                    'O' => '0',
                    'I' or 'L' => '1',
                    var other => other,
                });
            }
        }

        var found = code.ToString();
        return found.Length == Length && found.All(static character => Alphabet.Contains(character, StringComparison.Ordinal)) && Alphabet[CheckOf(found[..^1])] == found[^1] ? found : null;
    }

    /// <summary>What is stored of a code. It is random enough that no slow hash is needed: nobody tries out 2^95 codes.</summary>
    /// <param name="normalised">As <see cref="Normalise"/> gives it.</param>
    public static string HashOf(string normalised) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(normalised)));

    private static string Show(string code) => string.Join('-', code.Chunk(Group).Select(static group => new string(group)));

    private static int CheckOf(string payload)
    {
        var sum = 0;
        var factor = 2;
        for (var index = payload.Length - 1; index >= 0; index--)
        {
            var addend = factor * Alphabet.IndexOf(payload[index], StringComparison.Ordinal);
            sum += (addend / Alphabet.Length) + (addend % Alphabet.Length);
            factor = 3 - factor;
        }

        return (Alphabet.Length - (sum % Alphabet.Length)) % Alphabet.Length;
    }
}
