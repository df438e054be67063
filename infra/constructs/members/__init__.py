"""What onboards accounts: subscription, events, the regions' doors, the organisation."""
