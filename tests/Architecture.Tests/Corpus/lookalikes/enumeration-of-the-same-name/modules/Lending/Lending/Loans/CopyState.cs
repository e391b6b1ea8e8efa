namespace ModularMonolith.Lending.Loans;

internal enum CopyState
{
    Present,
    Lost,
}

internal static class CopyStates
{
    public static bool IsLost(CopyState state) => state == CopyState.Lost;
}
