"""Student code in processes of its own: the worker, and the ways to start and reach one."""
