namespace ModularMonolith.Readers.Accounts;

internal sealed record ReaderScore(int Result)
{
    public int Wait() => Result;

    public int GetResult() => Wait() + Result;

    public ReaderScore GetAwaiter() => this;

    public static int Sum(ReaderScore left, ReaderScore right) => left.Result + right.GetAwaiter().GetResult() + left.Wait();
}
