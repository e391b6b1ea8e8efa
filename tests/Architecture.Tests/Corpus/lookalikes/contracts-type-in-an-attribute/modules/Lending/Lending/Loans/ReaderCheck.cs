using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Lending.Loans;

[AttributeUsage(AttributeTargets.Class)]
internal sealed class AnswersAttribute(Type type) : Attribute
{
    public Type Type => type;
}

[Answers(typeof(ReaderView))]
internal sealed class ReaderCheck;
