// Lets records and init accessors compile for netstandard2.0, whose framework lacks this type.
namespace System.Runtime.CompilerServices;

internal static class IsExternalInit;
