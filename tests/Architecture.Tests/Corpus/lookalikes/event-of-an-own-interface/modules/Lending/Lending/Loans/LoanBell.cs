namespace ModularMonolith.Lending.Loans;

internal interface ILoanBell
{
    event Action<Loan> Rung;
}

internal sealed class LoanBell : ILoanBell
{
    public event Action<Loan>? Rung;

    event Action<Loan> ILoanBell.Rung
    {
        add => Rung += value;
        remove => Rung -= value;
    }

    public void Ring(Loan loan) => Rung?.Invoke(loan);
}
