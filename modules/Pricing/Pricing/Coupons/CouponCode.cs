using System.Security.Cryptography;

namespace ModularMonolith.Pricing.Coupons;

/// <summary>The codes of coupons. Capital and small letters are the same, and blanks do not count.</summary>
internal static class CouponCode
{
    public const int ShortestLength = 3;
    public const int LongestLength = 40;
    public const int LongestPrefix = 12;

    /// <summary>60 random bits: of 10,000 codes a guess hits one in 10^14.</summary>
    public const int RandomLength = 12;

    private const int ShownLength = 60;

    // Without I, L, O and U, as in Crockford's Base32, so that nobody misreads a code and none is a word by chance.
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    /// <summary>The form in which codes are stored and compared.</summary>
    public static string Plain(string code) => string.Concat(code.Where(static letter => !char.IsWhiteSpace(letter))).ToUpperInvariant();

    /// <summary>Whether a plain code can be one.</summary>
    public static bool IsPlain(string code) => code.Length is >= ShortestLength and <= LongestLength && code.All(static letter => char.IsAsciiLetterUpper(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_');

    /// <summary>What a customer wrote, shortened for a message.</summary>
    public static string Shown(string code) => code.Length <= ShownLength ? code : code[..ShownLength] + "…";

    /// <summary>An unguessable code behind a prefix.</summary>
    public static string Generate(string prefix) => prefix + RandomNumberGenerator.GetString(Alphabet, RandomLength);
}
