namespace ModularMonolith.Lending.Loans;

[System.CodeDom.Compiler.GeneratedCode("nothing", "1.0")]
internal sealed class LoanWords
{
    [System.Runtime.CompilerServices.CompilerGenerated]
    public string Word { get; init; } = string.Empty;
}
