using System.Text;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reading;

/// <summary>What stands on the stack.</summary>
internal sealed partial class TextStack
{
    /// <summary>One value on the stack: a text, a string builder, or the address of a local.</summary>
    internal sealed class Slot
    {
        public string? Known { get; init; }

        public StringBuilder? Builder { get; init; }

        public int? Local { get; init; }

        public SourceSpan? Span { get; init; }

        /// <summary>The texts of an array, in the order in which they are put there.</summary>
        public List<Slot?>? Parts { get; init; }

        /// <summary>Whether it is the address of the next element of <see cref="Parts"/>.</summary>
        public bool IsElement { get; init; }

        /// <summary>Whether a longer text was made of it.</summary>
        public bool IsPart { get; set; }

        public string? Text => Known ?? (Builder is { Length: > 0 } ? Builder.ToString() : null);
    }
}
