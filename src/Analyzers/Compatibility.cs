// What the engine's reader of SQL, which is compiled into this assembly, uses of newer frameworks than the one that compilers load analyzers for.
using System.Globalization;

namespace System
{
    /// <summary>A position in a sequence, from its beginning or its end. The compiler goes by its name.</summary>
    internal readonly struct Index(int value, bool fromEnd = false)
    {
        public static implicit operator Index(int value) => new(value);

        public int GetOffset(int length) => fromEnd ? length - value : value;
    }

    /// <summary>A part of a sequence. The compiler goes by its name.</summary>
    internal readonly struct Range(Index start, Index end)
    {
        public Index Start => start;

        public Index End => end;
    }
}

namespace System.Runtime.CompilerServices
{
    /// <summary>Marks properties that are set only while an object is made. The compiler goes by its name.</summary>
    internal static class IsExternalInit;
}

namespace ModularMonolith.Analyzers
{
    /// <summary>Members that newer frameworks have themselves.</summary>
    internal static class Compatibility
    {
        extension(char)
        {
            public static bool IsAsciiDigit(char character) => character is >= '0' and <= '9';

            public static bool IsAsciiLetterOrDigit(char character) => character is (>= '0' and <= '9') or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z');
        }

        extension(int)
        {
            public static bool TryParse(ReadOnlySpan<char> text, NumberStyles style, IFormatProvider provider, out int value) => int.TryParse(text.ToString(), style, provider, out value);
        }

        public static bool Contains(this string text, char character, StringComparison comparison) => text.IndexOf(character.ToString(), comparison) >= 0;

        public static bool Contains(this string text, string part, StringComparison comparison) => text.IndexOf(part, comparison) >= 0;

        public static string Replace(this string text, string old, string replacement, StringComparison comparison) =>
            comparison == StringComparison.Ordinal ? text.Replace(old, replacement) : throw new NotSupportedException("Only ordinal replacement is needed here.");

        public static bool StartsWith(this string text, char character) => text.Length > 0 && text[0] == character;

        public static bool TryPop<T>(this Stack<T> stack, out T value)
        {
            var isThere = stack.Count > 0;
            value = isThere ? stack.Pop() : default!;
            return isThere;
        }
    }
}
